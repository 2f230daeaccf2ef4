import { setTimeout as sleep } from 'node:timers/promises';
import { beforeFirst, type RecordedEvent } from '#event-log';
import { batches } from './batches.js';

const page = (...positions: readonly number[]): readonly RecordedEvent[] =>
  positions.map((position) => ({ position: BigInt(position) }) as RecordedEvent);

const positionsOf = (batch: readonly RecordedEvent[]): readonly number[] =>
  batch.map(({ position }) => Number(position));

/** What a subscription yields that is asked again and again: a page for each commit since, or it waits for one. */
async function* following(
  pages: (readonly RecordedEvent[])[],
  ended: () => boolean,
): AsyncGenerator<readonly RecordedEvent[]> {
  while (!ended() || pages.length > 0) {
    const next = pages.shift();
    if (next) yield next;
    else await sleep(1);
  }
}

test('what is there already comes in batches of about the size asked for, in order', async () => {
  const pages = Array.from({ length: 10 }, (_, n) => page(...Array.from({ length: 100 }, (_, m) => n * 100 + m)));
  const seen: (readonly number[])[] = [];
  for await (const { events } of batches(
    following(pages, () => true),
    { eventsMax: 300, end: beforeFirst },
  ))
    seen.push(positionsOf(events));
  expect(seen.map(({ length }) => length)).toEqual([300, 300, 300, 100]);
  expect(seen.flat()).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});

test('a busy log is followed in few batches, a quiet one event by event', async () => {
  const pages: (readonly RecordedEvent[])[] = [];
  let ended = false;
  const seen: (readonly number[])[] = [];
  const reading = (async () => {
    for await (const { events } of batches(
      following(pages, () => ended),
      { eventsMax: 500, end: beforeFirst },
    ))
      seen.push(positionsOf(events));
  })();
  pages.push(page(0));
  for (let waited = 0; waited < 1000 && seen.length === 0; waited++) await sleep(1);
  expect(seen).toEqual([[0]]);
  for (let n = 1; n <= 40; n++) {
    pages.push(page(...Array.from({ length: 32 }, (_, m) => n * 32 + m)));
    await sleep(2);
  }
  ended = true;
  await reading;
  expect(seen.flat()).toEqual([0, ...Array.from({ length: 1280 }, (_, n) => n + 32)]);
  expect(seen.length).toBeLessThan(20);
});

test('a batch tells whether the next one is there already', async () => {
  const pages = [page(1, 2), page(3, 4), page(5)];
  const seen: (readonly [readonly number[], boolean])[] = [];
  for await (const { events, more } of batches(
    following(pages, () => true),
    { eventsMax: 2, end: beforeFirst },
  ))
    seen.push([positionsOf(events), more]);
  expect(seen).toEqual([
    [[1, 2], true],
    [[3, 4], true],
    [[5], false],
  ]);
});

test('before what is known to be there, more is on its way, however late it comes', async () => {
  const pages = [page(1), page(2), page(3), page(4)];
  async function* late(): AsyncGenerator<readonly RecordedEvent[]> {
    for (const each of pages) {
      await sleep(2);
      yield each;
    }
  }
  const seen: (readonly [readonly number[], boolean])[] = [];
  for await (const { events, more } of batches(late(), { eventsMax: 128, end: 3n }))
    seen.push([positionsOf(events), more]);
  expect(seen).toEqual([
    [[1], true],
    [[2], true],
    [[3], false],
    [[4], false],
  ]);
});

test('what came before a failure is still handed on, and then the failure', async () => {
  async function* failing(): AsyncGenerator<readonly RecordedEvent[]> {
    yield page(1, 2);
    yield page(3);
    throw new Error('the log has gone');
  }
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { events } of batches(failing(), { eventsMax: 128, end: beforeFirst }))
      seen.push(...positionsOf(events));
  })();
  await expect(reading).rejects.toThrow('the log has gone');
  expect(seen).toEqual([1, 2, 3]);
});

test('where there is always more, the event loop has its turn', async () => {
  const pageEvents = 100;
  const turnedAt: number[] = [];
  let read = 0;
  setImmediate(function turn() {
    turnedAt.push(read);
    if (read < 10_000) setImmediate(turn);
  });
  const pages = Array.from({ length: 100 }, (_, n) =>
    page(...Array.from({ length: pageEvents }, (__, m) => n * pageEvents + m)),
  );
  async function* always(): AsyncGenerator<readonly RecordedEvent[]> {
    yield* pages;
  }
  for await (const { events } of batches(always(), { eventsMax: pageEvents, end: 1_000_000n })) read += events.length;
  expect(read).toBe(10_000);
  const steps = turnedAt.map((at, n) => at - (turnedAt[n - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(2000);
  expect(turnedAt.length).toBeGreaterThanOrEqual(5);
});
