import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeFirst, type EventLogReader } from '#event-log';
import type { Projection } from '../projection.js';
import { prepared } from '../storage/prepared.js';
import type { RebuildOrder } from './messages.js';

/** A read model's file: `views-<name>-v<version>.db`, and `views-<name>-v<version>.<generation>.db` after rebuilds. */
export interface ModelFile {
  readonly path: string;
  readonly version: number;
  readonly generation: number;
}

/** Where a read model stands in the log. The event before it and the event's id tell whether it is still the same log. */
export interface Checkpoint {
  readonly position: number;
  readonly before: number;
  readonly eventId: string;
  readonly events: number;
  /** ms since 1970 */
  readonly recordedAt: number;
}

const start: Checkpoint = {
  position: Number(beforeFirst),
  before: Number(beforeFirst),
  eventId: '',
  events: 0,
  recordedAt: 0,
};

const pageCacheKibibytes = 6_000;
const walPagesMax = 4000;
const suffixes = ['', '-wal', '-shm'];

const checkpointSchema = `create table if not exists checkpoint (
  id integer primary key check (id = 1), position integer not null, before integer not null,
  event_id text not null, events integer not null, recorded_at integer not null)`;

// There only in a file that is being filled; with it gone, the file serves.
const orderSchema = `create table if not exists rebuild (
  id text not null, purpose text not null, started_at text not null, by_id text, by_name text)`;

/** What is in every file beside the projection's own tables. */
export const ownTables: readonly string[] = ['checkpoint', 'rebuild'];

export function modelFile(folder: string, projection: string, version: number, generation: number): ModelFile {
  const name = `views-${projection}-v${version}${generation === 0 ? '' : `.${generation}`}.db`;
  return { path: join(folder, name), version, generation };
}

/** The projection's files of all versions, the newest first. */
export function modelFilesIn(folder: string, projection: string): readonly ModelFile[] {
  const pattern = new RegExp(`^views-${projection}-v(\\d+)(?:\\.(\\d+))?\\.db`);
  const found = new Map<string, ModelFile>();
  for (const name of readdirSync(folder)) {
    const [, version, generation = '0'] = pattern.exec(name) ?? [];
    if (version === undefined) continue;
    const file = modelFile(folder, projection, Number(version), Number(generation));
    found.set(file.path, file);
  }
  return [...found.values()].toSorted((a, b) => b.version - a.version || b.generation - a.generation);
}

export function isNewer(file: ModelFile, than: ModelFile): boolean {
  return file.version === than.version ? file.generation > than.generation : file.version > than.version;
}

/** Undefined where it is no database, a damaged one, or one in which today's tables have no place. */
export function openIfReadable(projection: Projection, path: string): Database.Database | undefined {
  try {
    return connect(projection, path);
  } catch (error) {
    const { code = '' } = error as { readonly code?: string };
    if (/^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(code)) return undefined;
    throw error;
  }
}

/** Opens a file for writing; makes it where there is none. */
export function connect(projection: Projection, path: string): Database.Database {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = wal');
    // Survives a kill; after a power cut the last batches are projected again.
    db.pragma('synchronous = normal');
    db.pragma(`cache_size = -${pageCacheKibibytes}`);
    db.pragma(`wal_autocheckpoint = ${walPagesMax}`);
    db.pragma('temp_store = memory');
    db.exec('begin immediate');
    db.exec(checkpointSchema);
    db.exec(projection.schema);
    db.exec('commit');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function removeFile(path: string): void {
  for (const suffix of suffixes) rmSync(`${path}${suffix}`, { force: true });
}

/** Without holding up whoever answers requests meanwhile. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) for (const suffix of suffixes) await rm(`${path}${suffix}`, { force: true });
}

export function readCheckpoint(db: Database.Database): Checkpoint {
  const row = db
    .prepare('select position, before, event_id as eventId, events, recorded_at as recordedAt from checkpoint')
    .get() as Checkpoint | undefined;
  return row ?? start;
}

/** No event was seen by it yet. */
export function isEmpty(db: Database.Database): boolean {
  return readCheckpoint(db).position === start.position;
}

export function writeCheckpoint(
  db: Database.Database,
  { position, before, eventId, events, recordedAt }: Checkpoint,
): void {
  prepared(db, 'insert or replace into checkpoint values (1, ?, ?, ?, ?, ?)').run(
    position,
    before,
    eventId,
    events,
    recordedAt,
  );
}

/** What the file is being filled for; undefined for one that serves. */
export function readOrder(db: Database.Database): RebuildOrder | undefined {
  if (db.prepare(`select 1 from sqlite_schema where name = 'rebuild'`).get() === undefined) return undefined;
  const row = db.prepare('select id, purpose, started_at as startedAt, by_id, by_name from rebuild').get() as
    | { id: string; purpose: RebuildOrder['purpose']; startedAt: string; by_id: string | null; by_name: string }
    | undefined;
  if (!row) return undefined;
  const { id, purpose, startedAt, by_id, by_name } = row;
  return { id, purpose, startedAt, by: by_id === null ? null : { id: by_id, name: by_name } };
}

export function writeOrder(db: Database.Database, { id, purpose, startedAt, by }: RebuildOrder): void {
  db.transaction(() => {
    db.exec(`${orderSchema}; delete from rebuild`);
    db.prepare('insert into rebuild values (?, ?, ?, ?, ?)').run(
      id,
      purpose,
      startedAt,
      by?.id ?? null,
      by?.name ?? null,
    );
  }).immediate();
}

export function dropOrder(db: Database.Database): void {
  db.exec('drop table if exists rebuild');
}

/** Whether the log still has the event that the read model saw last, right after the one that it saw before. */
export async function isOfLog(db: Database.Database, log: EventLogReader): Promise<boolean> {
  const { position, before, eventId } = readCheckpoint(db);
  if (position === start.position) return true;
  for await (const [first] of log.readAll(BigInt(before)))
    return first?.position === BigInt(position) && first.id === eventId;
  return false;
}
