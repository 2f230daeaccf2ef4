import { type EventLogReader, type RecordedEvent, toJson } from '#event-log';
import type { ListAnswer, ViewQuery } from '../view.js';
import { eventCounts } from './event-counts.js';
import { eventsView, eventView } from './events-view.js';
import { catalogue, RecordedTimeline } from './recorded-timeline.fixture.js';
import { subjectsOf } from './subjects-of.js';

const pageSize = 7;
const eventsMade = 700;

/** A log in memory that counts what is read of it. */
function logOf(events: readonly RecordedEvent[]): { readonly log: EventLogReader; readonly read: () => number } {
  let read = 0;
  const log = {
    async *readAll(after: bigint) {
      const rest = events.filter(({ position }) => position > after);
      for (let start = 0; start < rest.length; start += pageSize) {
        const page = rest.slice(start, start + pageSize);
        read += page.length;
        yield page;
      }
    },
  };
  return { log: log as unknown as EventLogReader, read: () => read };
}

const timeline = new RecordedTimeline();
for (let n = 0; n < eventsMade; n++)
  timeline.command('SealPool', [{ type: 'PoolSealed', data: { pool: `p${n}.contoso.com` } }]);
timeline.project(50);
afterAll(() => timeline.close());

const { events } = timeline;
const { log, read } = logOf(events);

function query(input: ViewQuery['input'], more: Partial<ViewQuery> = {}): ViewQuery {
  return { input, at: timeline.head, instant: '', limit: 50, cursor: undefined, roles: ['auditor'], ...more };
}

const countAt = (position: number): Promise<{ position: number; events: number }> =>
  Promise.resolve(eventCounts.run(timeline.db, query({ position })) as { position: number; events: number });

const list = (asked: ViewQuery): Promise<ListAnswer> => eventsView.run(log, asked, countAt) as Promise<ListAnswer>;
const positionOf = (index: number): number => Number(events[index]?.position);

test('the events after a position come whole and in order, with how many there are', async () => {
  const { items, next, total } = await list(query({ after: positionOf(9) }, { limit: 3 }));
  expect(items).toEqual(events.slice(10, 13).map(toJson));
  expect(next).not.toBeNull();
  expect(total).toBe(eventsMade - 10);
});

test.each([-1, 0, 254, 255, 256, 257, 511, 512, eventsMade - 2, eventsMade - 1])(
  'the total after event %i is exact',
  async (index) => {
    const after = index < 0 ? {} : { after: positionOf(index) };
    expect((await list(query(after))).total).toBe(eventsMade - 1 - index);
  },
);

test('without after it begins at the first; a walk along next sees every event once', async () => {
  const seen: object[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages <= eventsMade / 100; pages++) {
    const page = await list(query({}, { limit: 100, cursor }));
    seen.push(...page.items);
    expect(page.total).toBe(eventsMade);
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(seen).toEqual(events.map(toJson));
});

test('as of a moment nothing after it is there', async () => {
  const at = positionOf(20);
  expect(await list(query({ after: positionOf(18) }, { at }))).toEqual({
    items: events.slice(19, 21).map(toJson),
    next: null,
    total: 2,
  });
  expect(await list(query({ after: positionOf(20) }, { at }))).toEqual({ items: [], next: null, total: 0 });
  expect(await list(query({ after: positionOf(90) }, { at }))).toEqual({ items: [], next: null, total: 0 });
  expect(await list(query({}, { at: -1 }))).toEqual({ items: [], next: null, total: 0 });
});

test('a page near the end reads some hundred events, not the log', async () => {
  const before = read();
  await list(query({ after: positionOf(690) }));
  expect(read() - before).toBeLessThan(450);
});

test('one event is found by its position, where something stands there by then', async () => {
  const one = (position: number, at = timeline.head): Promise<unknown> =>
    eventView.run(log, query({ position }, { at }), countAt);
  expect(await one(positionOf(3))).toEqual(toJson(events[3]!));
  expect(await one(positionOf(3), positionOf(2))).toBeUndefined();
  expect(await one(timeline.head + 1)).toBeUndefined();
  const gap = events.find(({ position }, index) => index > 0 && position > (events[index - 1]?.position ?? 0n) + 1n);
  expect(await one(Number(gap?.position) - 1)).toBeUndefined();
});

test('a position that is none is malformed, a cursor of another list is refused', async () => {
  const parse = eventsView.parameters['after']!.parse;
  for (const text of ['', '-1', 'x', '1.5', '99999999999999999', '１'])
    expect(parse(text).problem).toMatch(/must be a position/);
  expect(parse('42')).toEqual({ value: 42 });
  for (const cursor of ['', 'eA', Buffer.from('timeline 1 1').toString('base64url')])
    await expect(list(query({}, { cursor }))).rejects.toThrow('cursor must be');
});

test('an event is about its subjects, and bookkeeping about nothing', () => {
  expect(subjectsOf(events[0]!, catalogue)).toEqual(['pool:p0.contoso.com']);
  expect(subjectsOf({ ...events[0]!, type: 'KeyAnswered' }, catalogue)).toEqual([]);
  expect(() => subjectsOf({ ...events[0]!, type: 'constructor' }, catalogue)).toThrow('no descriptor');
});
