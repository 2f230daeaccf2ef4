import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../event-log.js';
import {
  all,
  append,
  ascending,
  expectAt,
  expectNew,
  follow,
  freshLog,
  given,
  newStream,
  type OpenLog,
  recordFor,
} from './given.js';

/** Appends one event after another to each stream, all streams at once; all positions in order. */
async function write(log: EventLog, streams: readonly string[], eachTimes: number): Promise<bigint[]> {
  const positions = await Promise.all(
    streams.map(async (stream) => {
      const own: bigint[] = [];
      for (let n = 0; n < eachTimes; n++) {
        const check = n === 0 ? expectNew(stream) : expectAt(stream, BigInt(n - 1));
        own.push(...(await append(log, [recordFor(stream, { n })], [check])).positions);
      }
      return own;
    }),
  );
  return positions.flat().toSorted((a, b) => (a < b ? -1 : 1));
}

export function describeSubscriptions(open: OpenLog): void {
  describe('subscriptions', () => {
    const opened = freshLog(open);

    test('a subscription catches up and goes on live, without gap or double, while many write', async () => {
      const { log } = opened;
      const start = await log.head();
      const before = Array.from({ length: 5 }, () => newStream());
      const during = Array.from({ length: 16 }, () => newStream());
      const earlier = await write(log, before, 60);
      const [seen, later] = await Promise.all([
        follow(log, start, new Set([...before, ...during]), 300 + 16 * 50),
        write(log, during, 50),
      ]);
      expect(seen.map(({ position }) => position)).toEqual([...earlier, ...later]);
    });

    test('subscriptions that begin while others write miss nothing and double nothing', async () => {
      const { log } = opened;
      const start = await log.head();
      const streams = Array.from({ length: 8 }, () => newStream());
      const wanted = new Set(streams);
      const late = async (afterMs: number): Promise<bigint[]> => {
        await sleep(afterMs);
        return (await follow(log, start, wanted, 8 * 40)).map(({ position }) => position);
      };
      const [written, ...seen] = await Promise.all([write(log, streams, 40), ...[0, 1, 3, 7, 15, 31].map(late)]);
      for (const positions of seen) expect(positions).toEqual(written);
    });

    test('a subscription from a position begins after it', async () => {
      const { log } = opened;
      const stream = newStream();
      const { positions } = await given(log, stream, 10);
      const seen = await follow(log, positions[3] ?? 0n, new Set([stream]), 6);
      expect(seen.map(({ position }) => position)).toEqual(positions.slice(4));
    });

    test('a subscriber that stands still holds back neither the writer nor others, and then gets everything', async () => {
      const { log } = opened;
      const start = await log.head();
      const streams = Array.from({ length: 8 }, () => newStream());
      const othersDone = Promise.withResolvers<void>();
      const slow = follow(log, start, new Set(streams), 8 * 200, () => othersDone.promise);
      const fast = follow(log, start, new Set(streams), 8 * 200);
      const written = await write(log, streams, 200);
      expect((await fast).map(({ position }) => position)).toEqual(written);
      othersDone.resolve();
      expect((await slow).map(({ position }) => position)).toEqual(written);
    });

    test('a subscription ends when it is told to: while it waits, between pages and before it began', async () => {
      const { log } = opened;
      const start = await log.head();
      const { positions } = await given(log, newStream(), 3);
      const last = positions.at(-1) ?? 0n;
      const waiting = new AbortController();
      setTimeout(() => waiting.abort(), 100);
      await all(log.subscribe(last, waiting.signal));
      const inside = new AbortController();
      let pages = 0;
      for await (const page of log.subscribe(start, inside.signal)) {
        pages += page.length > 0 ? 1 : 0;
        inside.abort();
      }
      expect(pages).toBe(1);
      expect(await all(log.subscribe(start, AbortSignal.abort()))).toEqual([]);
      for await (const page of log.subscribe(start, new AbortController().signal)) {
        expect(ascending(page.map(({ position }) => position))).toBe(true);
        break;
      }
    });

    test('given the log is closed, then subscriptions end and calls fail', async () => {
      const { log } = opened;
      const stream = newStream();
      const { positions } = await given(log, stream, 1);
      const open = all(log.subscribe(positions[0] ?? 0n, new AbortController().signal));
      await sleep(50);
      await log.close();
      await open;
      await expect(log.append([recordFor(stream)], [expectAt(stream, 0n)])).rejects.toThrow();
      await expect(all(log.readStream(stream))).rejects.toThrow();
      await expect(all(log.readAll(0n))).rejects.toThrow();
      await expect(log.head()).rejects.toThrow();
    });
  });
}
