import type { EventLogReader } from '#event-log';
import { EventReads } from './event-reads.js';
import { HeadSignal } from './head-signal.js';
import { openLogFileForReading } from './log-file.js';

export interface SqliteLogReaderOptions {
  readonly file: string;
  /**
   * The writer's `headSignal`: nothing is read before the writer has it on disk. Without it subscriptions look for news once a second, and
   * what was written a moment ago is read before it is acknowledged.
   */
  readonly signal?: SharedArrayBuffer;
}

/**
 * Reads on a connection of its own, for any thread.
 * @throws {LogUnusable} when there is no log.
 */
export function openSqliteLogReader({ file, signal }: SqliteLogReaderOptions): Promise<EventLogReader> {
  return new Promise((resolve) => {
    const head = new HeadSignal(signal);
    const options = signal ? { visible: () => head.position } : {};
    resolve(new EventReads(openLogFileForReading(file), file, head, options));
  });
}
