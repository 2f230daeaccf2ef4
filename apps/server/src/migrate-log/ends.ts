import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EventLogReader, RecordedEvent } from '#event-log';
import { openKurrentImport, openKurrentLogReader } from '#event-log-kurrentdb';
import { openSqliteImport, openSqliteLogReader, ProcessLock } from '#event-log-sqlite';
import { logName } from '../log/open-log.js';
import { isKurrentAddress } from '../settings.js';
import { CannotMigrate } from './cannot-migrate.js';

/** Where a log is, as it is named on the command line. */
export type Place =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | { readonly engine: 'kurrentdb'; readonly connectionString: string };

export interface Source {
  readonly reader: EventLogReader;
  close(): Promise<void>;
}

export interface Target extends Source {
  /** Adds events at the end as they are stored. */
  take(events: readonly RecordedEvent[]): Promise<void>;
}

const shape = 'sqlite:<data folder>, or kurrentdb://…, or kurrentdb+discover://…';

/** @throws {CannotMigrate} Never says what was given: it may hold a password. */
export function placeOf(option: string, text: string): Place {
  const folder = /^sqlite:(.+)$/.exec(text)?.[1];
  if (folder !== undefined) return { engine: 'sqlite', folder: resolve(folder) };
  if (isKurrentAddress(text)) return { engine: 'kurrentdb', connectionString: text };
  throw new CannotMigrate(`${option} must be ${shape}`);
}

/** A log that nobody writes to meanwhile, as far as one can tell. @throws {CannotMigrate} {@link LogUnusable} */
export async function openSource(place: Place): Promise<Source> {
  if (place.engine === 'kurrentdb') {
    const reader = await openKurrentLogReader(place);
    return { reader, close: () => reader.close() };
  }
  const file = join(place.folder, logName);
  if (!existsSync(file))
    throw new CannotMigrate(`there is no event log in ${place.folder}; name the data folder of a server`);
  const lock = ProcessLock.acquire(file);
  try {
    const reader = await openSqliteLogReader({ file });
    return { reader, close: () => reader.close().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws {LogUnusable} */
export async function openTarget(place: Place): Promise<Target> {
  if (place.engine === 'kurrentdb') return await openKurrentImport(place.connectionString);
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  return await openSqliteImport(join(place.folder, logName));
}
