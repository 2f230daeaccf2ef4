import type { FailedRow, RowCounts, RowOutcome, RunEvent, RunStarted, Segment } from '#runs';
import { planSchema, PlanTables, planTypes } from '../plans/plan-tables.js';
import type { Projection } from '../projection.js';
import { type RowOf, VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';
import { openEnd } from '../view.js';

const runs = {
  table: 'run',
  key: { run: 'text' },
  columns: {
    /** Position of its first event: the order of the list. */
    started: 'integer',
    kind: 'text',
    state: 'text',
    total: 'integer',
    done: 'integer',
    unchanged: 'integer',
    refused: 'integer',
    invalid: 'integer',
    started_at: 'text',
    finished_at: 'text',
    /** When its last event was recorded. */
    advanced_at: 'text',
    /** When it began to move, the last time; null while it does not. */
    moving_since: 'text',
    /** Rows that were decided before, by then, and the time that took. */
    moved_rows: 'integer',
    moved_ms: 'integer',
    /** Of `processed`, what was there when it began to move. */
    moved_from: 'integer',
    by_id: 'text',
    by_name: 'text',
    /** Why it was paused where nobody asked for it. */
    paused_because: 'text',
    file_name: 'text',
    file_size: 'integer',
    file_sha256: 'text',
  },
  indexes: ['started', 'valid_to, state'],
} as const satisfies VersionedSpec;

// Rows that went well stand together, from `line` to `last_line`; what failed has a row of its own, until it is tried again.
const rows = `create table if not exists run_row (run text not null, line integer not null, position integer not null,
  retried_at integer not null, last_line integer not null, outcome text not null, column_name text, value text, message text, refusals text,
  primary key (run, line, position)) without rowid;`;

type StoredState = RowOf<typeof runs>;
type Counted = Readonly<Record<RowOutcome, number>>;

/** What an event makes of the run that it is about. */
function after(known: StoredState, { type, data }: Exclude<RunEvent, RunStarted>, recordedAt: string): StoredState {
  const because = type === 'RunPaused' ? (data.because ?? null) : null;
  const counted = { ...known, ...counts(data.counts), advanced_at: recordedAt, paused_because: because };
  switch (type) {
    case 'RunAdvanced':
      return counted;
    case 'RunFinished':
      return { ...standStill(counted, recordedAt), state: 'done', finished_at: recordedAt };
    case 'RunStopped':
      return { ...standStill(counted, recordedAt), state: 'stopped', finished_at: recordedAt };
    case 'RunPaused':
      return { ...standStill(counted, recordedAt), state: 'paused' };
    case 'RunResumed':
    case 'RunRetried':
      return { ...move(counted, recordedAt), state: 'running', finished_at: null };
    default:
      return type satisfies never;
  }
}

function counts({ done, unchanged, refused, invalid }: RowCounts): Counted {
  return { done, unchanged, refused, invalid };
}

function processed({ done, unchanged, refused, invalid }: StoredState): number {
  return Number(done) + Number(unchanged) + Number(refused) + Number(invalid);
}

function move(run: StoredState, recordedAt: string): StoredState {
  return { ...run, moving_since: recordedAt, moved_from: processed(run) };
}

function standStill(run: StoredState, recordedAt: string): StoredState {
  const { moving_since: since, moved_rows: rows, moved_ms: ms, moved_from: from } = run;
  if (since === null) return run;
  const took = Math.max(0, Date.parse(recordedAt) - Date.parse(String(since)));
  return {
    ...run,
    moving_since: null,
    moved_rows: Number(rows) + processed(run) - Number(from),
    moved_ms: Number(ms) + took,
  };
}

const runTypes = [
  'RunStarted',
  'RunAdvanced',
  'RunFinished',
  'RunStopped',
  'RunPaused',
  'RunResumed',
  'RunRetried',
] as const satisfies readonly RunEvent['type'][];

/** Runs as they stood at every batch, and what became of each row; plans, and what would become of each row. */
export const runsProjection: Projection = {
  name: 'runs',
  version: 6,
  types: [...runTypes, ...planTypes],
  schema: versionedSchema(runs) + rows + planSchema,
  open(db) {
    const table = new VersionedTable(db, runs);
    const plans = new PlanTables(db);
    const insert = db.prepare('insert into run_row values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const takeUp = db.prepare(
      "update run_row set retried_at = ? where run = ? and outcome in ('refused', 'invalid') and retried_at = ?",
    );
    const putSegment = (run: string, position: number, [outcome, first, last]: Segment): unknown =>
      insert.run(run, first, position, openEnd, last, outcome, null, null, null, null);
    const putFailed = (run: string, position: number, row: FailedRow): unknown => {
      const { line, outcome, column, value, message, refusals } = row;
      return insert.run(run, line, position, openEnd, line, outcome, column, value, message, JSON.stringify(refusals));
    };
    return {
      apply(events) {
        for (const each of events) {
          if (plans.take(each)) continue;
          const { event, data, position } = each;
          const taken = { type: event.type, data } as unknown as RunEvent;
          const { run, kind, total } = taken.data;
          const known = table.current(run);
          if (taken.type === 'RunStarted') {
            const { file } = taken.data;
            const sent = { file_name: file.name, file_size: file.size, file_sha256: file.sha256 };
            const { id, name } = event.meta.actor;
            const at = event.recordedAt;
            const by = { by_id: id, by_name: name, started_at: at, finished_at: null, advanced_at: at };
            const none = { done: 0, unchanged: 0, refused: 0, invalid: 0 };
            const moved = { moving_since: at, moved_rows: 0, moved_ms: 0, moved_from: 0, paused_because: null };
            const begun = { started: position, kind, state: 'running', total, ...none, ...by, ...moved, ...sent };
            table.put(position, [run], begun);
            continue;
          }
          if (!known) throw new Error(`the run ${run} was never started`);
          table.put(position, [run], after(known, taken, event.recordedAt));
          if (taken.type === 'RunAdvanced') {
            for (const segment of taken.data.segments) putSegment(run, position, segment);
            for (const row of taken.data.rows) putFailed(run, position, row);
          }
          if (taken.type === 'RunRetried') takeUp.run(position, run, openEnd);
        }
        table.flush();
      },
    };
  },
};
