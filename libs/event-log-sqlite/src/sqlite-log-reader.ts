import type { EventLogReader } from '#event-log';
import { EventReads } from './event-reads.js';
import { HeadSignal } from './head-signal.js';
import { openLogFileForReading } from './log-file.js';

export interface SqliteLogReaderOptions {
  readonly file: string;
  /** The writer's `headSignal`; without it subscriptions look for news once a second. */
  readonly signal?: SharedArrayBuffer;
}

/**
 * Reads on a connection of its own, for any thread.
 * @throws {LogUnusable} when there is no log.
 */
export function openSqliteLogReader({ file, signal }: SqliteLogReaderOptions): Promise<EventLogReader> {
  return new Promise((resolve) => {
    resolve(new EventReads(openLogFileForReading(file), file, new HeadSignal(signal)));
  });
}
