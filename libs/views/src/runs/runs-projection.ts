import type { FailedRow, RunEvent, Segment } from '#runs';
import type { Projection } from '../projection.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';

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
    by_id: 'text',
    by_name: 'text',
  },
  indexes: ['started'],
} as const satisfies VersionedSpec;

// Rows that went well stand together, from `line` to `last_line`; what failed has a row of its own. Recorded once, never changed.
const rows = `create table if not exists run_row (run text not null, line integer not null, last_line integer not null,
  position integer not null, outcome text not null, column_name text, value text, message text, refusals text,
  primary key (run, line)) without rowid;`;

/** Runs as they stood at every batch, and what became of each row. */
export const runsProjection: Projection = {
  name: 'runs',
  version: 1,
  types: ['RunStarted', 'RunAdvanced', 'RunFinished', 'RunStopped'] satisfies readonly RunEvent['type'][],
  schema: versionedSchema(runs) + rows,
  open(db) {
    const table = new VersionedTable(db, runs);
    const insert = db.prepare('insert into run_row values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const putSegment = (run: string, position: number, [outcome, first, last]: Segment): unknown =>
      insert.run(run, first, last, position, outcome, null, null, null, null);
    const putFailed = (run: string, position: number, row: FailedRow): unknown => {
      const { line, outcome, column, value, message, refusals } = row;
      return insert.run(run, line, line, position, outcome, column, value, message, JSON.stringify(refusals));
    };
    return {
      apply(events) {
        for (const { event, data, position } of events) {
          const taken = { type: event.type, data } as unknown as RunEvent;
          const { run, kind, total } = taken.data;
          const known = table.current(run);
          if (taken.type === 'RunStarted') {
            const { id, name } = event.meta.actor;
            const none = { done: 0, unchanged: 0, refused: 0, invalid: 0 };
            const by = { by_id: id, by_name: name, started_at: event.recordedAt, finished_at: null };
            table.put(position, [run], { started: position, kind, state: 'running', total, ...none, ...by });
            continue;
          }
          if (!known) throw new Error(`the run ${run} was never started`);
          const { done, unchanged, refused, invalid } = taken.data.counts;
          const counted = { ...known, done, unchanged, refused, invalid };
          if (taken.type === 'RunAdvanced') {
            table.put(position, [run], counted);
            for (const segment of taken.data.segments) putSegment(run, position, segment);
            for (const row of taken.data.rows) putFailed(run, position, row);
          } else {
            const state = taken.type === 'RunFinished' ? 'done' : 'stopped';
            table.put(position, [run], { ...counted, state, finished_at: event.recordedAt });
          }
        }
        table.flush();
      },
    };
  },
};
