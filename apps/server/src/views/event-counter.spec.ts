import type { EventLogReader } from '#event-log';
import type { EventCount } from '#views';
import { EventCounter } from './event-counter.js';

const pageEvents = 500;
let read = 0;
beforeEach(() => (read = 0));

/** A log with an event at every so-manieth position, that counts what is read of it. */
function logOf(events: number, step: number): Pick<EventLogReader, 'readAll'> {
  return {
    async *readAll(after: bigint) {
      for (let n = Math.max(0, Math.floor(Number(after) / step)); n < events; n += pageEvents) {
        const page = Array.from({ length: Math.min(pageEvents, events - n) }, (_, k) => ({
          position: BigInt((n + k + 1) * step),
        }));
        read += page.length;
        yield page as never;
      }
    },
  };
}

const tally = { position: -1, events: 0 };
const tallied = (): Promise<EventCount> => Promise.resolve(tally);

test('where no read model knows, the log is counted, and no part of it twice', async () => {
  const counter = new EventCounter(logOf(45_000, 3), tallied);
  const counts = await Promise.all([135_000, 135_000, 90_000, 100_000, 2, 3].map((at) => counter.countAt(at)));
  expect(counts.map(({ events }) => events)).toEqual([45_000, 45_000, 30_000, 33_333, 0, 1]);
  // 45,000 once, then less than a step and a page each.
  expect(read).toBeLessThan(45_000 + 5 * 10_500);
  read = 0;
  expect(await counter.countAt(134_999)).toEqual({ position: 134_999, events: 44_999 });
  expect(read).toBeLessThanOrEqual(5000);
});

test('what a read model knows is where counting begins', async () => {
  const counter = new EventCounter(logOf(45_000, 3), (position) =>
    Promise.resolve(position >= 120_000 ? { position: 120_000, events: 40_000 } : tally),
  );
  expect((await counter.countAt(120_300)).events).toBe(40_100);
  expect(read).toBe(500);
});

test('where every position has its event nothing is counted any more', async () => {
  const counter = new EventCounter(logOf(30_500, 1), tallied);
  expect((await counter.countAt(30_500)).events).toBe(30_500);
  read = 0;
  for (const position of [1, 777, 30_000, 30_500])
    expect(await counter.countAt(position)).toEqual({ position, events: position });
  expect(read).toBe(0);
});

test('a log that could not be read is asked again', async () => {
  const log = logOf(10, 1);
  const broken = jest.spyOn(log, 'readAll').mockImplementationOnce(() => {
    throw new Error('no leader');
  });
  const counter = new EventCounter(log, tallied);
  await expect(counter.countAt(10)).rejects.toThrow('no leader');
  expect((await counter.countAt(10)).events).toBe(10);
  expect(broken).toHaveBeenCalledTimes(2);
});
