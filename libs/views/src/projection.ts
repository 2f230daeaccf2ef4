import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';

/** An event with its data in today's shape, and its position as a safe integer (SQLite's own kind of number). */
export interface ProjectedEvent {
  readonly event: RecordedEvent;
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: number;
}

/**
 * A read model: tables in a file of its own (`views-<name>-v<version>.db`), made from the log alone. Rows are versioned by position,
 * so that one query answers for now and for any moment before. What is in the tables may not depend on how the events come in batches:
 * that is what a comparison proves.
 */
export interface Projection {
  readonly name: string;
  /** Raise it when tables or code change: the read model is made anew. */
  readonly version: number;
  /**
   * Files since this version have today's tables, and today's code can go on writing them: such a file serves and follows while a new one
   * is filled. Absent: after a change of version the views that read it say 503 until the new one is there.
   */
  readonly sameTablesSince?: number;
  /** The types of events it is made from; it is handed no others. Absent: all. */
  readonly types?: readonly string[];
  /** False: it looks at no `data`, so an event of an unknown type or shape does not stop it. */
  readonly readsData?: false;
  /** `create table if not exists …`, run once when the file is opened for writing. */
  readonly schema: string;
  /** Prepares statements on the writer's connection. */
  open(db: Database): ProjectionWriter;
}

export interface ProjectionWriter {
  /** Applies consecutive events. Runs inside a transaction that also moves the checkpoint; a throw rolls all of it back. */
  apply(events: readonly ProjectedEvent[]): void;
  /** Writes what it has put off, before the transaction ends. */
  finish?(): void;
}
