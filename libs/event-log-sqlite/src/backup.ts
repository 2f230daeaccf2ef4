import Database from 'better-sqlite3';
import { beforeFirst, LogUnusable, type Position, type RecordedEvent } from '#event-log';
import { EventReads } from './event-reads.js';
import { HeadSignal } from './head-signal.js';
import { openLogFileForReading } from './log-file.js';

/** 4 MiB a step; between two steps the copying process is free to hear a signal. The log's writer is held back by none. */
const pagesPerStep = 1024;

export interface VerifiedLog {
  /** The last event's; `beforeFirst` where there is none. */
  readonly position: Position;
  readonly events: number;
}

export interface CopyOptions {
  /** How much of the file is copied, 0..1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the copying early: it throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Copies a log that another process may be writing to, as it stands now, into `target`: one file without a write-ahead log beside it. Holds
 * one read snapshot meanwhile, so the source's write-ahead log grows until the copy is done.
 * @throws {LogUnusable} when there is no log.
 */
export async function copySqliteLog(
  file: string,
  target: string,
  { onProgress, signal }: CopyOptions = {},
): Promise<void> {
  const source = openLogFileForReading(file);
  try {
    // Without a snapshot, SQLite begins the copy anew whenever another process has written.
    source.exec('begin');
    source.prepare('select max(position) from events').get();
    await source.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        signal?.throwIfAborted();
        onProgress?.(1 - remainingPages / Math.max(totalPages, 1));
        return pagesPerStep;
      },
    });
    source.exec('rollback');
  } finally {
    source.close();
  }
  leaveWriteAheadMode(target);
}

/**
 * Reads a whole log that nobody writes to: every event against its checksum, its stream and its neighbours, every stream's revisions, and
 * SQLite's own structures.
 * @throws {LogUnusable} {@link LogUnavailable} naming what is wrong.
 */
export async function verifySqliteLog(
  file: string,
  onEvent: (event: RecordedEvent) => void = () => undefined,
): Promise<VerifiedLog> {
  const db = openLogFileForReading(file);
  const reads = new EventReads(db, file, new HeadSignal());
  let position = beforeFirst;
  let events = 0;
  try {
    for await (const page of reads.readAll(beforeFirst))
      for (const event of page) {
        onEvent(event);
        position = event.position;
        events++;
      }
    assertRevisions(db, file);
    assertStructure(db, file);
  } finally {
    await reads.close();
  }
  return { position, events };
}

/** A copy is one file: opened to be read, it must not want files beside it. */
function leaveWriteAheadMode(file: string): void {
  const db = new Database(file, { fileMustExist: true });
  try {
    db.pragma('journal_mode = delete');
  } finally {
    db.close();
  }
}

function assertRevisions(db: Database.Database, file: string): void {
  // Revisions are unique in their stream, so they have no gap where there are as many as the last one says.
  const broken = db
    .prepare<[], string>(
      'select stream from events group by stream having min(revision) <> 0 or max(revision) <> count(*) - 1 limit 1',
    )
    .pluck()
    .get();
  if (broken !== undefined)
    throw new LogUnusable(`${file} is damaged: revisions of ${broken} are missing; take another backup`);
}

function assertStructure(db: Database.Database, file: string): void {
  const [found] = db.pragma('integrity_check(1)') as [{ integrity_check: string }];
  if (found.integrity_check !== 'ok')
    throw new LogUnusable(`${file} is damaged: ${found.integrity_check}; take another backup`);
}
