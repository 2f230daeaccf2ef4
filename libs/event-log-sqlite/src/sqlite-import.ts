import type Database from 'better-sqlite3';
import { beforeFirst, type EventLogReader, LogUnavailable, type RecordedEvent } from '#event-log';
import { EventInserts } from './event-inserts.js';
import { EventReads } from './event-reads.js';
import { HeadSignal } from './head-signal.js';
import { openLogFile } from './log-file.js';
import { ProcessLock } from './process-lock.js';
import { messageOf } from './sqlite-errors.js';

/** A log that takes over what another log has recorded, as it was stored there. Nobody else holds it meanwhile. */
export interface SqliteImport {
  readonly reader: EventLogReader;
  /**
   * Adds events at the end, in this order: text, stream and revision stay, the position is the next one here. On disk when it resolves.
   * @throws {LogUnavailable} nothing of these was written.
   */
  take(events: readonly RecordedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a log in this file to import into, and makes it where there is none.
 * @throws {LogUnusable} when another process holds it, or the file is no event log or damaged.
 */
export async function openSqliteImport(file: string): Promise<SqliteImport> {
  const lock = ProcessLock.acquire(file);
  try {
    const db = openLogFile(file);
    const signal = new HeadSignal();
    const reader = new EventReads(db, file, signal);
    const head = await reader.head();
    return new LockedImport(db, file, lock, reader, head === beforeFirst ? 0 : Number(head));
  } catch (error) {
    lock.release();
    throw error;
  }
}

class LockedImport implements SqliteImport {
  private readonly inserts: EventInserts;

  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
    private readonly lock: ProcessLock,
    readonly reader: EventLogReader,
    private position: number,
  ) {
    this.inserts = new EventInserts(db);
  }

  take(events: readonly RecordedEvent[]): Promise<void> {
    return new Promise((resolve) => {
      let { position } = this;
      try {
        this.db.exec('begin immediate');
        for (const { stream, revision, text } of events) this.inserts.add(++position, stream, Number(revision), text);
        this.inserts.run();
        this.db.exec('commit');
      } catch (error) {
        this.inserts.forget();
        if (this.db.inTransaction) this.db.exec('rollback');
        throw new LogUnavailable(`${this.file} can't be written: ${messageOf(error)}`, null, { cause: error });
      }
      this.position = position;
      this.db.pragma('wal_checkpoint(passive)');
      resolve();
    });
  }

  async close(): Promise<void> {
    await this.reader.close();
    this.lock.release();
  }
}
