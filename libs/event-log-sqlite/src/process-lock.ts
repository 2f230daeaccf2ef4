import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { LogUnusable } from '#event-log';
import { codeOf, messageOf } from './sqlite-errors.js';

const attemptsMax = 5;
/** For a process that is just ending, or just starting. */
const waitMs = 500;

/**
 * One process per log. Holds the reserved lock of a small SQLite file beside it, which dies with the process however it ends;
 * others can still read there (as `user_version`) which process it is.
 * @throws {LogUnusable} when another connection holds it, also one of this process.
 */
export class ProcessLock {
  private constructor(private readonly db: Database.Database) {}

  static acquire(file: string): ProcessLock {
    const lockFile = `${file}.lock`;
    if (!existsSync(dirname(file)))
      throw new LogUnusable(`the folder ${dirname(file)} does not exist; make it or name another`);
    let db: Database.Database | undefined;
    try {
      db = new Database(lockFile, { timeout: waitMs });
      hold(db);
      return new ProcessLock(db);
    } catch (error) {
      const holder = db && codeOf(error) === 'SQLITE_BUSY' ? holderOf(db) : undefined;
      db?.close();
      if (holder === undefined)
        throw new LogUnusable(`${lockFile} can't be locked: ${messageOf(error)}`, { cause: error });
      throw new LogUnusable(
        `${dirname(file)} is in use by process ${holder}; stop that process first or use another data folder`,
        { cause: error },
      );
    }
  }

  release(): void {
    this.db.close();
  }
}

function hold(db: Database.Database): void {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    db.exec('begin immediate');
    if (holderOf(db) === process.pid) return;
    // Committed, so that others can read it, then locked again: whoever slipped in between has written its own.
    db.pragma(`user_version = ${process.pid}`);
    db.exec('commit');
  }
  throw new Error(`other processes try to take it at the same time`);
}

function holderOf(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}
