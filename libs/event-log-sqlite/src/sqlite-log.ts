import { resolve as absolute } from 'node:path';
import type Database from 'better-sqlite3';
import {
  type Appended,
  type Check,
  type Conflict,
  type EventLog,
  LogUnavailable,
  type NewRecord,
  type Position,
  type RecordedEvent,
  type Revision,
} from '#event-log';
import { LogUnusable } from '#event-log';
import { BatchWriter, type WrittenBatch } from './batch-writer.js';
import { Checkpointer } from './checkpointer.js';
import { EventReads } from './event-reads.js';
import { HeadSignal } from './head-signal.js';
import { openLogFile, unusable } from './log-file.js';
import { StreamHeads } from './stream-heads.js';
import { ProcessLock } from './process-lock.js';
import { type Flush, WriteAheadFlush } from './write-ahead-flush.js';

export interface SqliteLogOptions {
  /** Made where there is none; its folder must exist. Beside it live `-wal`, `-shm` and `.lock`. */
  readonly file: string;
  /** UTC, ISO 8601, milliseconds. */
  readonly clock?: () => string;
  /** When a transaction that wrote something is on disk. */
  readonly onCommit?: (batch: CommittedBatch) => void;
  /** Stands in for the disk: an append is answered when it resolves. */
  readonly flush?: Flush;
  /** Nothing is lost by it, but the write-ahead log grows while it lasts. */
  readonly onCheckpointFailed?: (error: unknown) => void;
}

export interface CommittedBatch {
  readonly appends: number;
  readonly records: number;
}

/** The embedded log, on the thread that opened it. Opening takes the same time however long the log is. */
export interface SqliteLog extends EventLog {
  /** For `openSqliteLogReader` on other threads: wakes them when something was committed. */
  readonly headSignal: SharedArrayBuffer;
}

/**
 * Opens the log in this file, for one process at a time.
 * @throws {LogUnusable} when another process holds it, or the file is no event log or damaged.
 */
export function openSqliteLog(options: SqliteLogOptions): Promise<SqliteLog> {
  return new Promise((resolve) => {
    const file = absolute(options.file);
    const lock = ProcessLock.acquire(file);
    let db: Database.Database | undefined;
    try {
      db = openLogFile(file);
      resolve(new LockedLog(db, lock, { ...options, file }));
    } catch (error) {
      db?.close();
      lock.release();
      throw error;
    }
  });
}

class LockedLog implements SqliteLog {
  private readonly signal = new HeadSignal();
  private readonly reads: EventReads;
  private readonly disk: WriteAheadFlush;
  private readonly writer: BatchWriter;
  private readonly checkpointer: Checkpointer;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly db: Database.Database,
    private readonly lock: ProcessLock,
    private readonly options: SqliteLogOptions,
  ) {
    const { file, clock = () => new Date().toISOString(), flush, onCheckpointFailed = () => undefined } = options;
    const heads = new StreamHeads(db);
    this.reads = new EventReads(db, file, this.signal, { visible: () => this.signal.position, heads });
    const last = lastEvent(this.reads);
    this.checkpointer = new Checkpointer(db, file, onCheckpointFailed);
    this.disk = openedFlush(file, flush);
    this.writer = new BatchWriter(db, file, last, clock, heads, this.disk, (batch) => this.written(batch));
    this.signal.advance(this.writer.head);
  }

  get headSignal(): SharedArrayBuffer {
    return this.signal.buffer;
  }

  append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    return this.writer.append(records, checks);
  }

  readStream(stream: string, from?: Revision): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.readStream(stream, from);
  }

  readAll(after: Position): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.readAll(after);
  }

  subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.subscribe(after, signal);
  }

  head(): Promise<Position> {
    return this.reads.head();
  }

  /** What was appended before is written and answered first. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await this.writer.close();
    this.reads.end();
    await this.checkpointer.close();
    this.disk.close();
    this.db.close();
    this.lock.release();
  }

  private written({ appends, records, characters, head }: WrittenBatch): void {
    this.signal.advance(head);
    this.checkpointer.wrote(records, characters);
    this.options.onCommit?.({ appends, records });
  }
}

/** A log whose end can't be read must not be written on. */
function lastEvent(reads: EventReads): RecordedEvent | undefined {
  try {
    return reads.lastEvent();
  } catch (error) {
    if (error instanceof LogUnavailable) throw new LogUnusable(error.message, { cause: error });
    throw error;
  }
}

function openedFlush(file: string, flush: Flush | undefined): WriteAheadFlush {
  try {
    return new WriteAheadFlush(file, flush);
  } catch (error) {
    throw unusable(file, error);
  }
}
