import {
  all,
  append,
  ascending,
  eventually,
  expectAt,
  expectNew,
  freshLog,
  given,
  newStream,
  type OpenLog,
  recordFor,
  streamOf,
} from './given.js';

export function describeRestart(open: OpenLog): void {
  describe('restart', () => {
    const opened = freshLog(open);

    test('after a restart everything is there, byte for byte and at its position', async () => {
      const { log } = opened;
      const start = await log.head();
      const streams = Array.from({ length: 20 }, () => newStream());
      for (const stream of streams) await given(log, stream, 5);
      const before = await eventually(
        () => all(log.readAll(start)),
        (events) => events.length >= 100,
      );
      const after = await all((await opened.reopen()).readAll(start));
      expect(after.slice(0, before.length)).toEqual(before);
    });

    test('after a restart the log goes on: revisions, positions, checks and time', async () => {
      const stream = newStream();
      const { positions, recordedAt } = await given(opened.log, stream, 3);
      const log = await opened.reopen();
      const stale = await log.append([recordFor(stream)], [expectAt(stream, 1n)]);
      expect(stale.conflicts).toEqual([{ stream, expect: 1n, actual: 2n }]);
      const taken = await log.append([recordFor(stream)], [expectNew(stream)]);
      expect(taken.conflicts).toEqual([{ stream, expect: 'no-stream', actual: 2n }]);
      const next = await append(log, [recordFor(stream)], [expectAt(stream, 2n)]);
      expect(next.revisions).toEqual([3n]);
      expect(ascending([...positions, ...next.positions])).toBe(true);
      expect(next.recordedAt >= recordedAt).toBe(true);
      expect((await streamOf(log, stream, 4)).map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n]);
    });
  });
}
