import { LogMisuse } from '../event-log.js';
import { recordBytesMax } from '../append-rules.js';
import {
  append,
  ascending,
  expectAt,
  expectNew,
  freshLog,
  given,
  newStream,
  type OpenLog,
  recordFor,
  streamOf,
} from './given.js';

export function describeAppends(open: OpenLog): void {
  describe('appends', () => {
    const opened = freshLog(open);

    test('an append over several streams is answered with a position and a revision for each record, in the order given', async () => {
      const { log } = opened;
      const [alice, pool] = [newStream(), newStream('pool')];
      const records = [recordFor(alice, { n: 0 }), recordFor(pool, { n: 1 }), recordFor(alice, { n: 2 })];
      const { positions, revisions, recordedAt } = await append(log, records, [expectNew(alice), expectNew(pool)]);
      expect(revisions).toEqual([0n, 0n, 1n]);
      expect(positions).toHaveLength(3);
      expect(ascending(positions)).toBe(true);
      expect(new Date(recordedAt).toISOString()).toBe(recordedAt);
      const [first, second] = await streamOf(log, alice, 2);
      expect([first?.position, second?.position]).toEqual([positions[0], positions[2]]);
      expect([first?.id, second?.id]).toEqual([records[0]?.id, records[2]?.id]);
      expect(first?.recordedAt).toBe(recordedAt);
      expect((await streamOf(log, pool, 1)).map(({ position, revision }) => [position, revision])).toEqual([
        [positions[1], 0n],
      ]);
    });

    test('given one stream of several has moved, then none of them is written', async () => {
      const { log } = opened;
      const streams = [newStream(), newStream(), newStream()] as const;
      await given(log, streams[2], 1);
      const answer = await log.append(
        streams.map((stream) => recordFor(stream)),
        streams.map(expectNew),
      );
      expect(answer.conflicts).toEqual([{ stream: streams[2], expect: 'no-stream', actual: 0n }]);
      expect(await streamOf(log, streams[0], 0)).toEqual([]);
      expect(await streamOf(log, streams[1], 0)).toEqual([]);
      // Were it half written, these would conflict.
      await append(log, [recordFor(streams[0]), recordFor(streams[1])], [expectNew(streams[0]), expectNew(streams[1])]);
      expect(await streamOf(log, streams[2], 1)).toHaveLength(1);
    });

    test('given appends at the same time of which one conflicts, then the others are written', async () => {
      const { log } = opened;
      const taken = newStream();
      await given(log, taken, 1);
      const streams = Array.from({ length: 20 }, () => newStream());
      const answers = await Promise.all([
        ...streams.slice(0, 10).map((stream) => log.append([recordFor(stream)], [expectNew(stream)])),
        log.append([recordFor(newStream())], []).catch(() => 'misuse'),
        log.append([recordFor(taken)], [expectNew(taken)]),
        ...streams.slice(10).map((stream) => log.append([recordFor(stream)], [expectNew(stream)])),
      ]);
      expect(answers[10]).toBe('misuse');
      expect(answers[11]).toEqual({ conflicts: [{ stream: taken, expect: 'no-stream', actual: 0n }] });
      for (const stream of streams) expect(await streamOf(log, stream, 1)).toHaveLength(1);
      expect(await streamOf(log, taken, 1)).toHaveLength(1);
    });

    test('an append sent a second time after its answer was lost is in the log once', async () => {
      const { log } = opened;
      const stream = newStream();
      const records = [recordFor(stream), recordFor(stream)];
      const first = await append(log, records, [expectNew(stream)]);
      const again = await log.append(records, [expectNew(stream)]);
      if (again.conflicts) expect(again.conflicts).toEqual([{ stream, expect: 'no-stream', actual: 1n }]);
      else expect(again.positions.at(-1)).toBe(first.positions.at(-1));
      expect(await streamOf(log, stream, 2)).toHaveLength(2);
    });

    test('32 writers at once on 32 streams each find their own events in their own order', async () => {
      const { log } = opened;
      const streams = Array.from({ length: 32 }, () => newStream());
      await Promise.all(
        streams.map(async (stream) => {
          await append(log, [recordFor(stream, { n: 0 })], [expectNew(stream)]);
          for (let n = 1; n < 10; n++) await append(log, [recordFor(stream, { n })], [expectAt(stream, BigInt(n - 1))]);
        }),
      );
      for (const stream of streams) {
        const events = await streamOf(log, stream, 10);
        expect(events.map(({ data }) => data['n'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        expect(ascending(events.map(({ position }) => position))).toBe(true);
      }
    });

    describe('misuse is told and writes nothing', () => {
      const stream = 'user-sip:alice@contoso.com';
      const good = recordFor(stream);
      const over = { blob: 'x'.repeat(recordBytesMax) };
      test.each([
        ['no records', [], [expectNew(stream)]],
        ['a stream written without a check', [good], []],
        ['a stream written with the check `exists`', [good], [{ stream, expect: 'exists' as const }]],
        ['two checks on one stream', [good], [expectNew(stream), expectNew(stream)]],
        [
          'two checks on a stream that is not written',
          [good],
          [expectNew(stream), expectNew('pool-a'), expectNew('pool-a')],
        ],
        ['an upper-case stream', [recordFor('User-a')], [expectNew('User-a')]],
        ['an upper-case stream in a check', [good], [expectNew(stream), expectNew('Pool-a')]],
        ['an empty stream name', [recordFor('')], [expectNew('')]],
        ['a stream name of 1,025 characters', [recordFor('a'.repeat(1025))], [expectNew('a'.repeat(1025))]],
        ['an unpaired surrogate in a stream name', [recordFor('user-\ud800')], [expectNew('user-\ud800')]],
        ['a negative revision', [good], [expectAt(stream, -1n)]],
        ['an id that is no UUID', [{ ...good, id: '17' }], [expectNew(stream)]],
        ['no type', [{ ...good, type: '' }], [expectNew(stream)]],
        ['a schema version of 0', [{ ...good, schemaVersion: 0 }], [expectNew(stream)]],
        ['data that is no object', [{ ...good, data: '7' }], [expectNew(stream)]],
        ['an unpaired surrogate in the data', [{ ...good, data: '{"a":"\udc00"}' }], [expectNew(stream)]],
        ['more than 1 MiB of data and metadata', [recordFor(stream, over)], [expectNew(stream)]],
      ])('%s', async (_, records, checks) => {
        await expect(opened.log.append(records, checks)).rejects.toBeInstanceOf(LogMisuse);
      });
    });
  });
}
