import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '#event-log';
import { openSqliteLog, ProcessLock } from '#event-log-sqlite';
import type { Logger } from '../operations/logger.js';
import type { Metrics } from '../operations/metrics.js';
import type { Settings } from '../settings.js';
import type { LogSource } from './log-source.js';

/** The log that the settings name, held by this process. */
export interface OpenedLog {
  readonly log: EventLog;
  /** For the threads of the views. */
  readonly source: LogSource;
  /** Other nodes write it too. */
  readonly isShared: boolean;
  /** Of the log, then of the data folder. */
  readonly close: () => Promise<void>;
}

interface Watchers {
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** A leader that dies is followed by another one within 4 s, most of the time; whoever waits longer than this had better ask again. */
const patienceMs = 10_000;

export const logName = 'events.db';

/**
 * Opens the log and takes the data folder, which is one process's whatever the engine is.
 * @throws {LogUnusable} where the folder is in use, or the log can't be opened
 */
export async function openLog(
  settings: Pick<Settings, 'eventLog' | 'dataDir'>,
  watchers: Watchers,
): Promise<OpenedLog> {
  const { eventLog, dataDir } = settings;
  const file = join(dataDir, logName);
  return eventLog === 'sqlite' ? await embedded(file, watchers) : await shared(eventLog, file, watchers);
}

async function embedded(file: string, { metrics, logger }: Watchers): Promise<OpenedLog> {
  const log = await openSqliteLog({
    file,
    onCommit: (batch) => metrics.committed(batch),
    onCheckpointFailed: (error) =>
      logger.warn({ err: error }, 'the write-ahead log could not be checkpointed; it grows until it can'),
  });
  const source = { engine: 'sqlite', file, headSignal: log.headSignal } as const;
  return { log, source, isShared: false, close: () => log.close() };
}

/** The folder then holds what this node has made of the log: read models, files, its session key. */
async function shared(connectionString: string, file: string, { logger }: Watchers): Promise<OpenedLog> {
  const { openKurrentLog } = await import('#event-log-kurrentdb');
  const lock = ProcessLock.acquire(file);
  try {
    const log = await openKurrentLog({
      connectionString,
      patienceMs,
      onReconnected: (reconnection) =>
        logger.warn(reconnection, 'a connection to KurrentDB was given up for a new one'),
    });
    if (existsSync(file))
      logger.warn({ file }, 'the embedded log in the data folder is not used; npm run migrate-log brings it along');
    return {
      log,
      source: { engine: 'kurrentdb', connectionString },
      isShared: true,
      close: async () => {
        await log.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
