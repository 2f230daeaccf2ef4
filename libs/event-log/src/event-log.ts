/** Grows with the order in the log; need not be dense. Decimal strings outside. */
export type Position = bigint;
/** An event's place in its stream, from 0. Decimal strings outside. */
export type Revision = bigint;

/** The first position is greater than this one. */
export const beforeFirst: Position = -1n;

/** An event to be recorded. */
export interface NewRecord {
  readonly stream: string;
  /** A UUID. */
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** Canonical JSON (RFC 8785) of an object. */
  readonly data: string;
  /** Canonical JSON (RFC 8785) of an object. */
  readonly meta: string;
}

/** An event as recorded. `data` and `meta` are as stored: an older shape is read through `upcast`. */
export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
  /** UTC, ISO 8601, milliseconds; never before an earlier event's. */
  readonly recordedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EventMeta;
  /** The stored bytes: canonical JSON of all of the above but the position. */
  readonly text: string;
}

export interface EventMeta {
  readonly actor: {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly via: string;
  };
  /** The command's name; null where no command led to it. */
  readonly command: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly client: { readonly ip: string | null; readonly agent: string | null };
}

/** A condition on a stream, also on one that the append does not write. */
export interface Check {
  readonly stream: string;
  readonly expect: Revision | 'no-stream' | 'exists';
}

export interface Appended {
  readonly conflicts?: undefined;
  /** One per record, ascending and in the order given. */
  readonly positions: readonly Position[];
  /** One per record. */
  readonly revisions: readonly Revision[];
  readonly recordedAt: string;
}

/** Nothing was written; every check that failed is listed. */
export interface Conflict {
  readonly conflicts: readonly {
    readonly stream: string;
    readonly expect: Check['expect'];
    readonly actual: Revision | 'no-stream';
  }[];
}

/** What readers need. Pages are bounded; an empty page is never yielded. */
export interface EventLogReader {
  /** A stream's events in order, from this revision. A stream without events yields nothing. */
  readStream(stream: string, from?: Revision): AsyncIterable<readonly RecordedEvent[]>;
  /** All events after this position in order, up to the log's end at some moment after the call. */
  readAll(after: Position): AsyncIterable<readonly RecordedEvent[]>;
  /**
   * All events after this position in order: catches up, then follows. Without gap or double; a slow consumer holds back
   * only itself. Ends when `signal` aborts, or throws an error that its owner handles.
   */
  subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;
  /** The last event's position; `beforeFirst` when there is none. */
  head(): Promise<Position>;
  /** Releases what it holds; calls after it throw. Subscriptions end. */
  close(): Promise<void>;
}

/**
 * A durable log of events. Concurrent appends are safe. `stream` names are lower-case, 1..1024 characters.
 * @throws {LogUnavailable} when it cannot say yes now (disk full, no leader, file corrupt): nothing was acknowledged.
 */
export interface EventLog extends EventLogReader {
  /**
   * All records or none; on disk when it resolves. Every stream written must have an exact check (a revision or `no-stream`),
   * one check a stream: that is what makes a retry after a lost answer safe on every engine.
   */
  append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict>;
}

/** The log can't be written or read now. `retryAfterSeconds` where waiting may help. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  /** An append that nobody has answered: it may have landed all the same. */
  readonly mayBeRecorded: boolean;

  constructor(
    message: string,
    readonly retryAfterSeconds: number | null,
    options?: ErrorOptions & { readonly mayBeRecorded?: boolean },
  ) {
    super(message, options);
    this.mayBeRecorded = options?.mayBeRecorded ?? false;
  }
}

/** Somebody else holds the log (the data folder is in use), or it can't be opened as it is. One line for a person. */
export class LogUnusable extends Error {
  override readonly name = 'LogUnusable';
}

/** A call that breaks the port's contract: a bug in the caller. */
export class LogMisuse extends Error {
  override readonly name = 'LogMisuse';
}
