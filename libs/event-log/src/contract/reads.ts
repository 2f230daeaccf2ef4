import { beforeFirst } from '../event-log.js';
import {
  all,
  append,
  ascending,
  eventually,
  expectNew,
  freshLog,
  given,
  newStream,
  type OpenLog,
  recordFor,
  streamOf,
} from './given.js';

export function describeReads(open: OpenLog): void {
  describe('reads', () => {
    const opened = freshLog(open);

    test('a stream without events yields nothing', async () => {
      expect(await all(opened.log.readStream(newStream()))).toEqual([]);
    });

    test('a stream is read from a revision, in order, over several pages', async () => {
      const { log } = opened;
      const stream = newStream();
      const { positions } = await given(log, stream, 2500);
      const events = await streamOf(log, stream, 2500);
      expect(events.map(({ revision }) => revision)).toEqual(positions.map((_, n) => BigInt(n)));
      expect(events.map(({ position }) => position)).toEqual(positions);
      expect((await all(log.readStream(stream, 2400n))).map(({ data }) => data['n'])).toEqual(
        Array.from({ length: 100 }, (_, n) => 2400 + n),
      );
      expect(await all(log.readStream(stream, 2500n))).toEqual([]);
    });

    test('many streams that are read at once come each as if it were read alone', async () => {
      const { log } = opened;
      const sizes = [1, 7, 8, 9, 0, 30, ...Array.from({ length: 50 }, (_, n) => n % 3)];
      const streams = sizes.map(() => newStream());
      for (const [index, size] of sizes.entries()) if (size > 0) await given(log, streams[index]!, size);
      const big = newStream();
      await append(log, [recordFor(big, { text: 'я'.repeat(100_000) })], [expectNew(big)]);
      const last = [streams[5]!, big] as const;
      await eventually(
        async () => (await Promise.all(last.map((stream) => all(log.readStream(stream))))).map(({ length }) => length),
        ([events]) => events === 30,
      );
      const read = await Promise.all([...streams, big, streams[1]!].map((stream) => all(log.readStream(stream))));
      expect(read.map(({ length }) => length)).toEqual([...sizes, 1, 7]);
      for (const [index, stream] of [...streams, big].entries())
        expect(read[index]).toEqual(await all(log.readStream(stream)));
    });

    test('the end of the log is the last position, and everything after a position is read in order', async () => {
      const { log } = opened;
      const start = await log.head();
      expect(start).toBeGreaterThanOrEqual(beforeFirst);
      const streams = Array.from({ length: 5 }, () => newStream());
      const written: bigint[] = [];
      for (const stream of streams) written.push(...(await given(log, stream, 3)).positions);
      expect(ascending([start, ...written])).toBe(true);
      const last = written.at(-1) ?? start;
      expect(
        await eventually(
          () => log.head(),
          (head) => head >= last,
        ),
      ).toBeGreaterThanOrEqual(last);
      const read = await eventually(
        async () => (await all(log.readAll(start))).filter(({ stream }) => streams.includes(stream)),
        (events) => events.length >= 15,
      );
      expect(read.map(({ position }) => position)).toEqual(written);
      const middle = written[6] ?? start;
      const rest = (await all(log.readAll(middle))).filter(({ stream }) => streams.includes(stream));
      expect(rest.map(({ position }) => position)).toEqual(written.slice(7));
      expect((await all(log.readAll(last))).filter(({ stream }) => streams.includes(stream))).toEqual([]);
    });

    test('10,000 streams: each is there, and each holds its own', async () => {
      const { log } = opened;
      const start = await log.head();
      const streams = Array.from({ length: 10_000 }, () => newStream());
      const batches = Array.from({ length: 100 }, (_, n) => streams.slice(n * 100, n * 100 + 100));
      await Promise.all(
        batches.map((batch, n) =>
          append(
            log,
            batch.map((stream) => recordFor(stream, { n })),
            batch.map(expectNew),
          ),
        ),
      );
      const known = new Set(streams);
      const events = await eventually(
        async () => (await all(log.readAll(start))).filter(({ stream }) => known.has(stream)),
        (events) => events.length >= 10_000,
      );
      expect(events).toHaveLength(10_000);
      expect(new Set(events.map(({ stream }) => stream)).size).toBe(10_000);
      expect(ascending(events.map(({ position }) => position))).toBe(true);
      for (const n of [0, 1, 4999, 9998, 9999]) {
        const [event, ...more] = await streamOf(log, streams[n] ?? '', 1);
        expect([event?.data['n'], more]).toEqual([Math.floor(n / 100), []]);
      }
      const answer = await log.append([recordFor(streams[777] ?? '')], [expectNew(streams[777] ?? '')]);
      expect(answer.conflicts).toEqual([{ stream: streams[777], expect: 'no-stream', actual: 0n }]);
    });

    test('time never goes backwards along the log', async () => {
      const { log } = opened;
      const start = await log.head();
      const streams = Array.from({ length: 200 }, () => newStream());
      await Promise.all(streams.map((stream) => given(log, stream, 2)));
      const events = await eventually(
        () => all(log.readAll(start)),
        (read) => read.length >= 400,
      );
      const times = events.map(({ recordedAt }) => recordedAt);
      expect(times).toEqual(times.toSorted());
    });
  });
}
