import type { RowOutcome } from '#runs';
import { cursorAfter, numberOf } from '../paging.js';
import { Asked } from '../parameters.js';
import type { ViewDefinition, ViewParameter } from '../view.js';
import { countRuns, rowItem, rowsAt, runAt, runItem, runningNow, runsAt, shownRows, shownRun } from './runs-at.js';

const run: ViewParameter = {
  description: 'the id of the run',
  schema: { type: 'string', format: 'uuid' },
  // What is no id of a run is the id of none: 404, not 400.
  parse: (input) => ({ value: input.toLowerCase() }),
};
const outcomes = ['done', 'unchanged', 'refused', 'invalid'] as const satisfies readonly RowOutcome[];
const projections = ['runs'];

const runsView: ViewDefinition = {
  path: '/api/runs',
  summary: 'Runs, the newest first',
  kind: 'list',
  parameters: {},
  projections,
  item: runItem,
  run: (db, query) => {
    const { at, limit } = query;
    const before = numberOf('runs', query.cursor) ?? Number.MAX_SAFE_INTEGER;
    const stored = runsAt(db, at, before, limit + 1);
    const items = stored.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map((each) => shownRun(db, each, query)),
      next: stored.length > limit && last ? cursorAfter('runs', [String(last.started)]) : null,
      total: countRuns(db, at),
    };
  },
};

const runView: ViewDefinition = {
  path: '/api/runs/:run',
  summary: 'One run: how far it is and what became of its rows',
  kind: 'one',
  parameters: { run },
  projections,
  item: runItem,
  run: (db, query) => {
    const stored = runAt(db, String(query.input['run']), query.at);
    return stored && shownRun(db, stored, query);
  },
};

const rowsView: ViewDefinition = {
  path: '/api/runs/:run/rows',
  summary: 'What became of the rows of a run, in the order of the file',
  kind: 'list',
  parameters: { run, outcome: Asked.oneOf('only rows with this outcome', outcomes) },
  projections,
  item: rowItem,
  run: (db, { input, at, limit, cursor }) => {
    const id = String(input['run']);
    const outcome = (input['outcome'] as RowOutcome | undefined) ?? null;
    const stored = runAt(db, id, at);
    if (!stored) return undefined;
    const tag = `rows ${id} ${outcome ?? ''}`;
    const after = numberOf(tag, cursor) ?? 0;
    const items = rowsAt(db, { run: id, at, after, outcome }, limit + 1)
      .values()
      .flatMap((row) => shownRows(row, after + 1))
      .take(limit + 1)
      .toArray();
    const page = items.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page,
      next: items.length > limit && last ? cursorAfter(tag, [String(last.line)]) : null,
      total: outcome ? stored[outcome] : outcomes.reduce((sum, each) => sum + stored[each], 0),
    };
  },
};

/** Runs that some node works on, or should. */
export interface RunsUnderWay {
  readonly runs: readonly string[];
}

/** More than all nodes of a cluster take on. */
const underWayMax = 500;

/** For the server itself; of no path that HTTP knows. */
export const runsUnderWay: ViewDefinition = {
  path: 'runs/under-way',
  summary: '',
  kind: 'one',
  parameters: {},
  projections,
  item: {},
  run: (db): RunsUnderWay => ({ runs: runningNow(db, underWayMax) }),
};

export const runsViews: readonly ViewDefinition[] = [runsView, runView, rowsView];
