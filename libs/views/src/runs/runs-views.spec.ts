import Database from 'better-sqlite3';
import type { RunEvent } from '#runs';
import type { ProjectedEvent, ProjectionWriter } from '../projection.js';
import { BadCursor, type ListAnswer } from '../view.js';
import { runsProjection } from './runs-projection.js';
import { runsViews } from './runs-views.js';

const [runs, one, rowsOf] = runsViews as [
  (typeof runsViews)[number],
  (typeof runsViews)[number],
  (typeof runsViews)[number],
];
const about = (run: string) => ({ run, kind: 'users', total: 8 });
const at = (second: number): string => new Date(Date.UTC(2013, 4, 3, 12, 0, second)).toISOString();

const failed = (line: number, outcome: 'refused' | 'invalid') => ({
  line,
  outcome,
  column: 'RegistrarPool',
  value: 'x',
  message: 'm',
  refusals: outcome === 'refused' ? [{ rule: 'homing.unknown-pool', detail: 'd' }] : [],
});

const started = (run: string, total = 8): RunEvent => ({
  type: 'RunStarted',
  data: {
    ...about(run),
    total,
    file: { name: 'users.csv', size: 1, sha256: 'a1' },
    format: { form: 'csv', encoding: 'utf-8', bom: false, delimiter: ',', newline: '\n' },
    columns: [],
    parameters: {},
  },
});
const counts = (done: number, unchanged: number, refused: number, invalid: number) => ({
  done,
  unchanged,
  refused,
  invalid,
});
const story: readonly RunEvent[] = [
  started('r1'),
  {
    type: 'RunAdvanced',
    data: {
      ...about('r1'),
      through: 5,
      counts: counts(4, 0, 1, 0),
      segments: [
        ['done', 2, 4],
        ['done', 6, 6],
      ],
      rows: [failed(5, 'refused')],
    },
  },
  started('r2'),
  {
    type: 'RunAdvanced',
    data: {
      ...about('r1'),
      through: 8,
      counts: counts(4, 2, 1, 1),
      segments: [['unchanged', 8, 9]],
      rows: [failed(7, 'invalid')],
    },
  },
  { type: 'RunFinished', data: { ...about('r1'), counts: counts(4, 2, 1, 1) } },
];

let db: Database.Database;
beforeAll(() => {
  db = projected(story.map((event, index) => [index * 10, event]));
});

/** What the projection makes of events at these seconds. */
function projected(events: readonly (readonly [second: number, RunEvent])[]): Database.Database {
  const db = new Database(':memory:');
  db.exec("attach ':memory:' as runs");
  db.exec(runsProjection.schema.replaceAll(/if not exists (run)/g, 'if not exists runs.$1'));
  const writer: ProjectionWriter = runsProjection.open(db);
  for (const [index, [second, { type, data }]] of events.entries())
    writer.apply([
      {
        position: index + 1,
        data: data as never,
        event: { type, recordedAt: at(second), meta: { actor: { id: 'token-1', name: 'Olga' } } },
      } as unknown as ProjectedEvent,
    ]);
  return db;
}

const query = (asked: object) => ({
  input: {},
  at: 5,
  instant: at(40),
  limit: 50,
  cursor: undefined,
  roles: [],
  ...asked,
});

test('a run is shown as it stands, with its rate and the time left', () => {
  expect(one.run(db, query({ input: { run: 'r1' }, at: 2, instant: at(10) }))).toEqual({
    run: 'r1',
    kind: 'users',
    file: { name: 'users.csv', size: 1, sha256: 'a1' },
    state: 'running',
    total: 8,
    processed: 5,
    counts: counts(4, 0, 1, 0),
    startedAt: at(0),
    finishedAt: null,
    ratePerSecond: 0.5,
    etaSeconds: 6,
    etaSecondsMin: 5,
    etaSecondsMax: 8,
    stuck: null,
    by: { id: 'token-1', name: 'Olga' },
  });
  expect(one.run(db, query({ input: { run: 'r1' } }))).toMatchObject({
    state: 'done',
    processed: 8,
    finishedAt: at(40),
    ratePerSecond: 0.2,
    etaSeconds: 0,
  });
  expect(one.run(db, query({ input: { run: 'r2' } }))).toMatchObject({ ratePerSecond: null, etaSeconds: null });
});

test('an unknown run, or one that had not begun, is none', () => {
  expect(one.run(db, query({ input: { run: 'r9' } }))).toBeUndefined();
  expect(one.run(db, query({ input: { run: 'r2' }, at: 2 }))).toBeUndefined();
  expect(rowsOf.run(db, query({ input: { run: 'r9' } }))).toBeUndefined();
});

test('runs are listed newest first, page by page', () => {
  const first = runs.run(db, query({ limit: 1 })) as ListAnswer;
  expect([first.items, first.total]).toMatchObject([[{ run: 'r2' }], 2]);
  const second = runs.run(db, query({ limit: 1, cursor: first.next })) as ListAnswer;
  expect([second.items, second.next]).toMatchObject([[{ run: 'r1' }], null]);
});

test.each([1, 2, 3, 50])('rows come in the order of the file, %i a page', (limit) => {
  const seen: object[] = [];
  let cursor: string | undefined;
  do {
    const page = rowsOf.run(db, query({ input: { run: 'r1' }, limit, cursor })) as ListAnswer;
    expect(page.total).toBe(8);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(seen.map((row) => Object.values(row).slice(0, 2))).toEqual([
    [2, 'done'],
    [3, 'done'],
    [4, 'done'],
    [5, 'refused'],
    [6, 'done'],
    [7, 'invalid'],
    [8, 'unchanged'],
    [9, 'unchanged'],
  ]);
});

test('rows are filtered by outcome and stand as they stood', () => {
  expect(rowsOf.run(db, query({ input: { run: 'r1', outcome: 'refused' } }))).toEqual({
    items: [failed(5, 'refused')],
    next: null,
    total: 1,
  });
  expect(rowsOf.run(db, query({ input: { run: 'r1', outcome: 'invalid' }, at: 2 }))).toEqual({
    items: [],
    next: null,
    total: 0,
  });
  expect((rowsOf.run(db, query({ input: { run: 'r1' }, at: 2 })) as ListAnswer).items).toHaveLength(5);
});

test("a cursor of another run's rows is refused", () => {
  const { next } = rowsOf.run(db, query({ input: { run: 'r1' }, limit: 1 })) as ListAnswer;
  expect(() => rowsOf.run(db, query({ input: { run: 'r2' }, cursor: next }))).toThrow(BadCursor);
});

describe('a run that is worked through, paused, stopped and tried again', () => {
  const of = (done: number, refused = 0) => ({ ...about('r3'), total: 400, counts: counts(done, 0, refused, 0) });
  const advanced = (first: number, last: number, failures: readonly number[] = []): RunEvent => ({
    type: 'RunAdvanced',
    data: {
      ...of(last - first + 1, failures.length),
      through: last,
      segments: [['done', first, last]],
      rows: failures.map((line) => failed(line, 'refused')),
    },
  });
  const db = projected([
    [0, started('r3', 400)],
    [50, advanced(1, 100, [101, 102])],
    [90, { type: 'RunPaused', data: of(100, 2) }],
    [190, { type: 'RunResumed', data: of(100, 2) }],
    [200, { type: 'RunAdvanced', data: { ...of(300, 2), through: 302, segments: [['done', 103, 302]], rows: [] } }],
    [201, { type: 'RunStopped', data: { ...of(300, 2), because: 'as asked' } }],
    [250, { type: 'RunRetried', data: of(300) }],
    [251, { type: 'RunAdvanced', data: { ...of(302), through: 102, segments: [['done', 101, 102]], rows: [] } }],
  ]);
  const shown = (position: number, second: number) =>
    one.run(db, query({ input: { run: 'r3' }, at: position, instant: at(second) }));
  const lines = (position: number, outcome?: string) =>
    (
      rowsOf.run(
        db,
        query({ input: { run: 'r3', ...(outcome && { outcome }) }, at: position, limit: 500 }),
      ) as ListAnswer
    ).items.map((row) => (row as { line: number }).line);

  test('goes at the pace of its last minute, with a range', () => {
    // 102 rows in 80 s, of them 102 in the last minute and none in the last 15 s.
    expect(shown(2, 80)).toMatchObject({
      ratePerSecond: 1.7,
      etaSeconds: 176,
      etaSecondsMin: 141,
      etaSecondsMax: null,
    });
    expect(shown(2, 55)).toMatchObject({ etaSecondsMin: 36, etaSeconds: 161, etaSecondsMax: 201 });
  });

  test('is stuck when it has made no progress for a while, and not while it is paused', () => {
    expect(shown(2, 60)).toMatchObject({ state: 'running', stuck: null });
    expect(shown(2, 65)).toMatchObject({ stuck: { since: at(50), because: null } });
    expect(shown(3, 180)).toMatchObject({ state: 'paused', stuck: null, etaSeconds: null, ratePerSecond: 1.1 });
  });

  test('does not count the time in which it was paused', () => {
    expect(shown(5, 200)).toMatchObject({ state: 'running', ratePerSecond: 20, etaSeconds: 5 });
    expect(shown(6, 240)).toMatchObject({ state: 'stopped', ratePerSecond: 3, finishedAt: at(201), etaSeconds: null });
  });

  test('shows the rows that are tried again as they came out then, and before as they stood before', () => {
    expect(shown(7, 250)).toMatchObject({ state: 'running', processed: 300, finishedAt: null });
    expect([lines(6, 'refused'), lines(7, 'refused'), lines(8, 'refused')]).toEqual([[101, 102], [], []]);
    expect(lines(6)).toHaveLength(302);
    expect(lines(7)).toHaveLength(300);
    expect(lines(8)).toEqual(Array.from({ length: 302 }, (_, n) => n + 1));
  });
});
