import type { EventLogReader } from '#event-log';

/** How a thread comes to a reader of its own of the log that the server has opened. */
export type LogSource =
  | { readonly engine: 'sqlite'; readonly file: string; readonly headSignal: SharedArrayBuffer }
  | { readonly engine: 'kurrentdb'; readonly connectionString: string };

/** Loads the one engine that is asked for. @throws {LogUnusable} */
export async function openLogReader(source: LogSource): Promise<EventLogReader> {
  if (source.engine === 'sqlite') {
    const { openSqliteLogReader } = await import('#event-log-sqlite');
    return await openSqliteLogReader({ file: source.file, signal: source.headSignal });
  }
  const { openKurrentLogReader } = await import('#event-log-kurrentdb');
  return await openKurrentLogReader({ connectionString: source.connectionString, ahead: true });
}
