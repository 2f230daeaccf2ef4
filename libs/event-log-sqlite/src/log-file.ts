import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { LogUnusable } from '#event-log';
import { isDamage, messageOf } from './sqlite-errors.js';

/** "Hmwd": marks the file as an event log of Homeward. */
const applicationId = 0x486d7764;
const formatVersion = 1;

/** Positions are dense from 1. `event` is the stored text, `crc` the CRC-32 of its UTF-8 bytes. */
const logSchema = `
  create table events (
    position integer primary key,
    stream text not null,
    revision integer not null,
    crc integer not null,
    event text not null
  ) strict;
  create unique index events_by_stream on events (stream, revision);
`;

/**
 * Opens the log's file for writing; makes it where there is none.
 * @throws {LogUnusable}
 */
export function openLogFile(file: string): Database.Database {
  return opened(file, () => {
    // SQLite would take it for a new database, and the history would begin anew without a word.
    if (statSync(file, { throwIfNoEntry: false })?.size === 0)
      throw new LogUnusable(`${file} is empty: it was cut off; restore it from a backup, or remove it to begin anew`);
    const db = new Database(file, { timeout: 1000 });
    return prepared(db, () => {
      const empty = isEmpty(db);
      if (!empty) assertEventLog(db, file);
      db.pragma('journal_mode = wal');
      // A commit does not wait for the disk: the writer does, before it answers and before anybody reads (see WriteAheadFlush).
      db.pragma('synchronous = normal');
      db.pragma('wal_autocheckpoint = 0');
      if (empty) create(db);
    });
  });
}

/** @throws {LogUnusable} */
export function openLogFileForReading(file: string): Database.Database {
  return opened(file, () => {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    return prepared(db, () => {
      // Readers go through the log once, in order: pages they have passed are not worth keeping.
      db.pragma('cache_size = -1024');
      assertEventLog(db, file);
    });
  });
}

function opened(file: string, open: () => Database.Database): Database.Database {
  try {
    return open();
  } catch (error) {
    if (error instanceof LogUnusable) throw error;
    throw unusable(file, error);
  }
}

export function unusable(file: string, error: unknown): LogUnusable {
  return isDamage(error)
    ? new LogUnusable(`${file} is no event log or damaged (${messageOf(error)}); restore it from a backup`, {
        cause: error,
      })
    : new LogUnusable(`${file} can't be opened: ${messageOf(error)}`, { cause: error });
}

function prepared(db: Database.Database, prepare: () => void): Database.Database {
  try {
    prepare();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isEmpty(db: Database.Database): boolean {
  return db.prepare('select count(*) from sqlite_schema').pluck().get() === 0;
}

function create(db: Database.Database): void {
  db.transaction(() => {
    db.exec(logSchema);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${formatVersion}`);
  }).immediate();
}

function assertEventLog(db: Database.Database, file: string): void {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw new LogUnusable(`${file} is a database of another program; name another file or folder`);
  const version = db.pragma('user_version', { simple: true });
  if (version !== formatVersion)
    throw new LogUnusable(
      `${file} has the format ${String(version)}, this program reads ${formatVersion}; use the program that wrote it`,
    );
}
