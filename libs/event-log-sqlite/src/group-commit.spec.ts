import type { CommittedBatch } from './sqlite-log.js';
import { appendNew, everything, freshFolder, recordFor } from '../test/given.js';

describe('group commit', () => {
  const folder = freshFolder();

  test('given appends of one turn, then one transaction holds them, in order of arrival', async () => {
    const batches: CommittedBatch[] = [];
    const log = await folder.open({ onCommit: (batch) => batches.push(batch) });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => appendNew(log, { n })));
    expect(batches).toEqual([{ appends: 40, records: 40 }]);
    expect(answers.map(({ positions }) => positions[0])).toEqual(answers.map((_, n) => BigInt(n + 1)));
    expect((await everything(log)).map(({ data }) => data['n'])).toEqual(answers.map((_, n) => n));
  });

  test('a later append of the batch sees the earlier ones, and a read does not until they are committed', async () => {
    const log = await folder.open();
    const stream = 'user-a';
    const first = log.append([recordFor(stream)], [{ stream, expect: 'no-stream' }]);
    const rival = log.append([recordFor(stream)], [{ stream, expect: 'no-stream' }]);
    const second = log.append([recordFor(stream)], [{ stream, expect: 0n }]);
    expect(await everything(log)).toEqual([]);
    expect((await first).conflicts).toBeUndefined();
    expect(await rival).toEqual({ conflicts: [{ stream, expect: 'no-stream', actual: 0n }] });
    expect((await second).conflicts).toBeUndefined();
    expect(await everything(log)).toHaveLength(2);
  });

  test('given a stream that is not remembered, when several records are to make it, then the conflict takes back all of them', async () => {
    const first = await folder.open();
    await appendNew(first, {}, 'user-taken');
    await first.close();
    const log = await folder.open();
    const streams = ['user-a', 'user-b', 'user-taken'];
    const expectNew = (stream: string): { stream: string; expect: 'no-stream' } => ({ stream, expect: 'no-stream' });
    const [before, between, after] = await Promise.all([
      appendNew(log, {}, 'user-before'),
      log.append(
        streams.map((stream) => recordFor(stream)),
        streams.map(expectNew),
      ),
      appendNew(log, {}, 'user-a'),
    ]);
    expect(between).toEqual({ conflicts: [{ stream: 'user-taken', expect: 'no-stream', actual: 0n }] });
    expect([before.positions, after.positions]).toEqual([[2n], [3n]]);
    expect((await everything(log)).map(({ stream }) => stream)).toEqual(['user-taken', 'user-before', 'user-a']);
  });

  test('when the log is closed, then what was appended before is written and answered', async () => {
    const log = await folder.open();
    const appended = appendNew(log);
    await log.close();
    expect((await appended).positions).toEqual([1n]);
    expect(await everything(await folder.open())).toHaveLength(1);
  });

  test('given a clock that goes backwards, also across a restart, then recorded times do not', async () => {
    const log = await folder.open({ clock: () => '2026-11-20T10:00:00.000Z' });
    expect((await appendNew(log)).recordedAt).toBe('2026-11-20T10:00:00.000Z');
    await log.close();
    const again = await folder.open({ clock: () => '2026-11-20T09:00:00.000Z' });
    expect((await appendNew(again)).recordedAt).toBe('2026-11-20T10:00:00.000Z');
  });
});
