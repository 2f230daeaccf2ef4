import type { Database } from 'better-sqlite3';
import type { EventLogReader } from '#event-log';
import type { JsonSchema, Parsed, Role } from '#kernel';

/** The end of time for `valid_to`: a row that is still current. */
export const openEnd = Number.MAX_SAFE_INTEGER;

/** A query or path parameter: how it is understood and how OpenAPI tells it. */
export interface ViewParameter {
  readonly schema: JsonSchema;
  readonly description: string;
  readonly parse: (input: string) => Parsed<unknown>;
  readonly required?: boolean;
  /** It may be given with a leading `-` to exclude, and more than once. The value is then a `Filter[]`. */
  readonly negatable?: boolean;
}

export interface Filter {
  readonly value: unknown;
  readonly exclude: boolean;
}

/** A moment of the log, by position or by time (UTC, ISO 8601). */
export type Moment = { readonly position: bigint } | { readonly instant: string };

/** What a view is asked. */
export interface ViewQuery {
  /** Path and query parameters, parsed, by name; absent ones are absent. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The position to answer for: nothing after it is seen. -1 is the empty world. */
  readonly at: number;
  /** The instant to answer for, UTC ISO 8601: what lapses with time (a waiver) is judged by it. */
  readonly instant: string;
  readonly limit: number;
  /** What the last page's `next` said; undefined on the first page. */
  readonly cursor: string | undefined;
  /** The asker's roles: what an auditor sees and others don't. */
  readonly roles: readonly Role[];
}

export interface ListAnswer {
  readonly items: readonly object[];
  readonly next: string | null;
  readonly total: number;
}

/** Undefined: there is no such thing (404). */
export type ViewBody = ListAnswer | object | undefined;

/** A view that may take long: others are answered wherever it yields, and what it reads next is read in another transaction. */
export type Slices = Generator<undefined, ViewBody, void>;

/** How a text is sent. */
export interface TextFile {
  /** Such as `text/plain`; the text is UTF-8. */
  readonly media: string;
  readonly name: (input: ViewQuery['input']) => string;
}

/** Every view of the contract's §3, as the rim and OpenAPI take it. */
export interface ViewDefinition {
  /** `/api/users/:user` */
  readonly path: string;
  readonly summary: string;
  readonly kind: 'list' | 'one';
  /** Path parameters and filters; `asOf`, `after`, `limit` and `cursor` are understood for every view. */
  readonly parameters: Readonly<Record<string, ViewParameter>>;
  /** Moments that parameters of its own name: they may not be in the future, and `to` stands in the place of `asOf`. */
  readonly moments?: (input: ViewQuery['input']) => {
    readonly from?: Moment | undefined;
    readonly to?: Moment | undefined;
  };
  /** The names of the projections it reads: it answers for the lowest of their positions. All are attached to `db` under their name. */
  readonly projections: readonly string[];
  /** Who may read it; absent: every role. */
  readonly roles?: readonly Role[];
  /** JSON schema of one item. */
  readonly item: JsonSchema;
  /** The answer is a file of text instead: `run` answers `{ text }`. */
  readonly file?: TextFile;
  /** JSON schemas of what a list has beside `items`, `next` and `total`. */
  readonly beside?: Readonly<Record<string, JsonSchema>>;
  /** What is told where there is none, of the path parameter; absent: `the <kind> <id> is not known`. */
  readonly unknown?: (id: string) => string;
  /** Runs on a read-only connection, inside one read transaction. */
  readonly run: (db: Database, query: ViewQuery) => ViewBody | Slices;
}

/**
 * A view of the log itself, for what no read model holds. It answers for the log's end, or for the moment asked about, and so it waits
 * for no projection. A parameter named `after` is then its own.
 */
export interface LogViewDefinition extends Omit<ViewDefinition, 'projections' | 'run'> {
  readonly source: 'log';
  /** `countAt`: the nearest count of events that a read model knows at a position or before it (`eventCounts`). */
  readonly run: (
    log: EventLogReader,
    query: ViewQuery,
    countAt: (position: number) => Promise<{ readonly position: number; readonly events: number }>,
  ) => Promise<ViewBody>;
}

/** A cursor that does not belong to this view, or was not made by it. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}
