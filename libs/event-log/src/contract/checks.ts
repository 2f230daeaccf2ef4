import {
  append,
  expectAt,
  expectNew,
  freshLog,
  given,
  isConflict,
  newStream,
  type OpenLog,
  recordFor,
  streamOf,
} from './given.js';

export function describeChecks(open: OpenLog): void {
  describe('checks', () => {
    const opened = freshLog(open);

    test('a check on a stream that is not written holds, or nothing is written', async () => {
      const { log } = opened;
      const [pool, absent] = [newStream('pool'), newStream('pool')];
      await given(log, pool, 3);
      const withCheck = async (check: {
        stream: string;
        expect: bigint | 'no-stream' | 'exists';
      }): Promise<unknown> => {
        const user = newStream();
        const answer = await log.append([recordFor(user)], [expectNew(user), check]);
        expect(await streamOf(log, user, answer.conflicts ? 0 : 1)).toHaveLength(answer.conflicts ? 0 : 1);
        return answer.conflicts ?? 'written';
      };
      expect(await withCheck({ stream: pool, expect: 2n })).toBe('written');
      expect(await withCheck({ stream: pool, expect: 'exists' })).toBe('written');
      expect(await withCheck({ stream: absent, expect: 'no-stream' })).toBe('written');
      expect(await withCheck({ stream: pool, expect: 1n })).toEqual([{ stream: pool, expect: 1n, actual: 2n }]);
      expect(await withCheck({ stream: pool, expect: 3n })).toEqual([{ stream: pool, expect: 3n, actual: 2n }]);
      expect(await withCheck({ stream: pool, expect: 'no-stream' })).toEqual([
        { stream: pool, expect: 'no-stream', actual: 2n },
      ]);
      expect(await withCheck({ stream: absent, expect: 0n })).toEqual([
        { stream: absent, expect: 0n, actual: 'no-stream' },
      ]);
      expect(await withCheck({ stream: absent, expect: 'exists' })).toEqual([
        { stream: absent, expect: 'exists', actual: 'no-stream' },
      ]);
      // A check leaves no trace on what it names.
      expect(await streamOf(log, pool, 3)).toHaveLength(3);
      expect(await streamOf(log, absent, 0)).toEqual([]);
    });

    test('every check that fails is told, and only those', async () => {
      const { log } = opened;
      const [moved, still, fresh, gone, pool] = [
        newStream(),
        newStream(),
        newStream(),
        newStream(),
        newStream('pool'),
      ] as const;
      await given(log, moved, 2);
      await given(log, still, 1);
      await given(log, pool, 1);
      const answer = await log.append(
        [recordFor(moved), recordFor(still), recordFor(fresh)],
        [
          expectAt(moved, 0n),
          expectAt(still, 0n),
          expectNew(fresh),
          { stream: gone, expect: 'exists' },
          expectNew(pool),
        ],
      );
      const byStream = [...(answer.conflicts ?? [])].toSorted((a, b) => a.stream.localeCompare(b.stream));
      const wanted = [
        { stream: moved, expect: 0n, actual: 1n },
        { stream: gone, expect: 'exists', actual: 'no-stream' },
        { stream: pool, expect: 'no-stream', actual: 0n },
      ].toSorted((a, b) => a.stream.localeCompare(b.stream));
      expect(byStream).toEqual(wanted);
      expect(await streamOf(log, fresh, 0)).toEqual([]);
    });

    test('an append with many checks and many streams is written, and refused by one of them', async () => {
      const { log } = opened;
      const streams = Array.from({ length: 300 }, () => newStream());
      const guards = Array.from({ length: 100 }, () => newStream('pool'));
      const records = streams.map((stream) => recordFor(stream));
      const checks = [...streams, ...guards].map(expectNew);
      await append(log, records, checks);
      const again = await log.append(
        records.map(({ stream }) => recordFor(stream)),
        checks.map(({ stream }, index) => (index < 300 && index !== 150 ? expectAt(stream, 0n) : expectNew(stream))),
      );
      expect(again.conflicts).toEqual([{ stream: streams[150], expect: 'no-stream', actual: 0n }]);
      expect(await streamOf(log, streams[0] ?? '', 1)).toHaveLength(1);
    });

    test('given 32 racers on one stream, then each revision has one winner', async () => {
      const { log } = opened;
      const stream = newStream();
      await given(log, stream, 1);
      const winners: string[] = [];
      for (let revision = 0n; revision < 8n; revision++) {
        const racers = Array.from({ length: 32 }, () => recordFor(stream));
        const answers = await Promise.all(racers.map((racer) => log.append([racer], [expectAt(stream, revision)])));
        const won = racers.filter((_, index) => !answers[index]?.conflicts);
        expect(won).toHaveLength(1);
        winners.push(...won.map(({ id }) => id));
        for (const { conflicts } of answers.filter(isConflict))
          expect(conflicts).toEqual([{ stream, expect: revision, actual: revision + 1n }]);
      }
      expect((await streamOf(log, stream, 9)).slice(1).map(({ id }) => id)).toEqual(winners);
    });

    test('given 32 racers for one new stream, then one makes it', async () => {
      const { log } = opened;
      const stream = newStream('endpoint');
      const users = Array.from({ length: 32 }, () => newStream());
      const answers = await Promise.all(
        users.map((user) => log.append([recordFor(user), recordFor(stream)], [expectNew(user), expectNew(stream)])),
      );
      expect(answers.filter((answer) => !isConflict(answer))).toHaveLength(1);
      expect(await streamOf(log, stream, 1)).toHaveLength(1);
      for (const [index, user] of users.entries()) {
        const written = answers[index]?.conflicts ? 0 : 1;
        expect(await streamOf(log, user, written)).toHaveLength(written);
      }
    });

    test('given two appends at once that each check the stream that the other writes, then one of them is written', async () => {
      const { log } = opened;
      const pairs = Array.from({ length: 100 }, () => [newStream(), newStream()] as const);
      const written = await Promise.all(
        pairs.map(async ([one, other]) => {
          await append(log, [recordFor(one), recordFor(other)], [expectNew(one), expectNew(other)]);
          const answers = await Promise.all([
            log.append([recordFor(one)], [expectAt(one, 0n), expectAt(other, 0n)]),
            log.append([recordFor(other)], [expectAt(other, 0n), expectAt(one, 0n)]),
          ]);
          return answers.filter((answer) => !isConflict(answer)).length;
        }),
      );
      expect(written.filter((count) => count !== 1)).toEqual([]);
    });
  });
}
