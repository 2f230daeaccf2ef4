import type { Database } from 'better-sqlite3';
import { count, instant, listOf, orNull, shape, text, words } from '../schemas.js';
import { row, rows } from '../storage/prepared.js';
import { openEnd, type ViewQuery } from '../view.js';
import { paceOf, processedBy, stuckSince } from './run-pace.js';

export interface StoredRun {
  readonly run: string;
  readonly started: number;
  readonly kind: string;
  readonly state: 'running' | 'paused' | 'stopped' | 'done';
  readonly total: number;
  readonly done: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly invalid: number;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly advanced_at: string;
  readonly moving_since: string | null;
  readonly moved_rows: number;
  readonly moved_ms: number;
  readonly moved_from: number;
  readonly by_id: string;
  readonly by_name: string;
  readonly paused_because: string | null;
  readonly file_name: string | null;
  readonly file_size: number;
  readonly file_sha256: string;
}

type Moment = Pick<ViewQuery, 'at' | 'instant'>;

const asOf = 'from runs.run where valid_from <= @at and valid_to > @at';

export function runAt(db: Database, run: string, at: number): StoredRun | undefined {
  return row(db, `select * ${asOf} and run = @run`, { run, at });
}

/** The newest first, those that began before this position. */
export function runsAt(db: Database, at: number, before: number, limit: number): readonly StoredRun[] {
  return rows(db, `select * ${asOf} and started < @before order by started desc limit @limit`, { at, before, limit });
}

/** As of the last event that was projected. */
export function runningNow(db: Database, limit: number): readonly string[] {
  const found = rows<{ run: string }>(
    db,
    `select run from runs.run where state = 'running' and valid_to = @openEnd order by started limit @limit`,
    { openEnd, limit },
  );
  return found.map(({ run }) => run);
}

export function countRuns(db: Database, at: number): number {
  return row<{ n: number }>(db, `select count(*) as n ${asOf}`, { at })?.n ?? 0;
}

export const runItem = shape({
  run: text,
  kind: text,
  file: shape({ name: orNull(text), size: count, sha256: text }),
  state: words('running', 'paused', 'stopped', 'done'),
  total: orNull(count),
  processed: count,
  counts: shape({ done: count, unchanged: count, refused: count, invalid: count }),
  startedAt: instant,
  finishedAt: orNull(instant),
  ratePerSecond: orNull({ type: 'number', minimum: 0 }),
  etaSeconds: orNull(count),
  etaSecondsMin: orNull(count),
  etaSecondsMax: orNull(count),
  stuck: orNull(shape({ since: instant, because: orNull(text) })),
  by: shape({ id: text, name: text }),
});

/** The run as it stood. */
export function shownRun(db: Database, stored: StoredRun, { at, instant }: Moment): object {
  const { run, kind, state, total, done, unchanged, refused, invalid } = stored;
  return {
    run,
    kind,
    file: { name: stored.file_name, size: stored.file_size, sha256: stored.file_sha256 },
    state,
    total,
    processed: processedBy(stored),
    counts: { done, unchanged, refused, invalid },
    startedAt: stored.started_at,
    finishedAt: stored.finished_at,
    ...paceOf(stored, instant, (before) => processedAt(db, run, at, before)),
    stuck: stuckSince(stored, instant),
    by: { id: stored.by_id, name: stored.by_name },
  };
}

/** Rows that were decided at an instant, as far as the moment asked about knows. */
function processedAt(db: Database, run: string, at: number, before: string): number | undefined {
  const stored = row<StoredRun>(
    db,
    `select * from runs.run where run = @run and valid_from <= @at and advanced_at <= @before order by valid_from desc limit 1`,
    { run, at, before },
  );
  return stored && processedBy(stored);
}

export interface StoredRow {
  readonly line: number;
  readonly last_line: number;
  readonly outcome: string;
  readonly column_name: string | null;
  readonly value: string | null;
  readonly message: string | null;
  readonly refusals: string | null;
}

/** Rows after this file line, each or as the stretch of lines that they stand in. */
export function rowsAt(
  db: Database,
  asked: { readonly run: string; readonly at: number; readonly after: number; readonly outcome: string | null },
  limit: number,
): readonly StoredRow[] {
  // The stretch that holds `after` begins at that line or before it.
  return rows(
    db,
    `select * from runs.run_row where run = @run and position <= @at and retried_at > @at and last_line > @after
       and line >= coalesce((select max(line) from runs.run_row
         where run = @run and line <= @after and position <= @at and retried_at > @at), 0)
       and (@outcome is null or outcome = @outcome)
     order by line limit @limit`,
    { ...asked, limit },
  );
}

export const rowItem = shape({
  line: { type: 'integer', minimum: 1 },
  outcome: words('done', 'unchanged', 'refused', 'invalid'),
  column: orNull(text),
  value: orNull(text),
  message: orNull(text),
  refusals: listOf({ type: 'object', properties: { rule: text, detail: text }, required: ['rule', 'detail'] }),
});

/** The rows of a stretch, from `first` on, one a line. */
export function* shownRows(
  stored: StoredRow,
  first: number,
): Generator<Readonly<Record<string, unknown>> & { readonly line: number }> {
  const { outcome, column_name: column, value, message, refusals } = stored;
  const said = { column, value, message, refusals: refusals === null ? [] : (JSON.parse(refusals) as unknown) };
  for (let line = Math.max(first, stored.line); line <= stored.last_line; line++) yield { line, outcome, ...said };
}
