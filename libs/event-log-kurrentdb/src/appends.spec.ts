import { status } from '@grpc/grpc-js';
import { beforeFirst, LogMisuse, LogUnavailable } from '#event-log';
import { all, expectNew, given, givenServer, recordFor } from '../test/given.js';
import { notLeader, ScriptedServer, type Turn } from '../test/scripted-server.js';

describe('an append to KurrentDB', () => {
  const it = givenServer();
  const stream = 'user-sip:alice@contoso.com';
  const pool = 'pool-ocs01.contoso.com';

  test('given checks that fail, then each is told by its stream, and nothing is written', async () => {
    await given(it.log, pool, 2);
    await given(it.log, stream);
    const checks = [{ stream, expect: 3n }, expectNew(pool), { stream: 'pool-gone', expect: 'exists' as const }];
    expect(await it.log.append([recordFor(stream)], checks)).toEqual({
      conflicts: [
        { stream, expect: 3n, actual: 0n },
        { stream: pool, expect: 'no-stream', actual: 1n },
        { stream: 'pool-gone', expect: 'exists', actual: 'no-stream' },
      ],
    });
    expect(it.server.records).toHaveLength(3);
  });

  test('each record is answered with its own position, also between those of others', async () => {
    await given(it.log, pool);
    it.server.foreign('somebody-elses');
    const records = [recordFor(stream), recordFor('user-b'), recordFor(stream)];
    const answer = await it.log.append(records, [expectNew(stream), expectNew('user-b')]);
    expect(answer).toMatchObject({ positions: [300n, 400n, 500n], revisions: [0n, 0n, 1n] });
    expect((await all(it.log.readAll(beforeFirst))).slice(1).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
  });

  const landing: readonly (readonly [name: string, turns: readonly Turn[]])[] = [
    ['it was written and its answer was lost', ['written, answer lost']],
    ['it was written and its answer was lost twice', ['written, answer lost', 'written, answer lost']],
    ['the connection broke before it was written', ['not written, answer lost']],
    ['the node is not the leader', [notLeader]],
    ['the node is not the leader for a while', [notLeader, notLeader, notLeader]],
    [
      'the node is not ready',
      [{ code: status.UNAVAILABLE, message: 'The server is not yet ready to handle requests.' }],
    ],
    ['the commit timed out', [{ code: status.DEADLINE_EXCEEDED, message: 'timed out while waiting for commit' }]],
    ['the call was cancelled', [{ code: status.CANCELLED, message: 'cancelled' }]],
    ['the node failed', [{ code: status.INTERNAL, message: 'an internal server error' }]],
    ['it was written and the node is silent', ['written, silence']],
  ];

  test.each(landing)('given %s, then it is in the log once and answered with its place', async (_, turns) => {
    const { log } = it;
    it.server.appends.push(...turns);
    const records = [recordFor(stream, { n: 1 }), recordFor(stream, { n: 2 })];
    const answer = await log.append(records, [expectNew(stream)]);
    expect(answer).toMatchObject({ positions: [100n, 200n], revisions: [0n, 1n] });
    expect((await all(log.readStream(stream))).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(it.server.records).toHaveLength(2);
    expect(it.server.appendCalls).toBe(turns.length + 1);
  });

  test('given it landed unseen and a guard has moved since, then it is answered as landed', async () => {
    await given(it.log, pool);
    it.server.appends.push('written, silence');
    const appending = it.log.append([recordFor(stream)], [expectNew(stream), { stream: pool, expect: 0n }]);
    const other = await it.open();
    await other.append([recordFor(pool)], [{ stream: pool, expect: 0n }]);
    expect(await appending).toMatchObject({ positions: [200n], revisions: [0n] });
    expect(await all(other.readStream(stream))).toHaveLength(1);
  });

  test('given it did not land and a guard has moved since, then it is a conflict', async () => {
    await given(it.log, pool);
    const other = await it.open();
    it.server.appends.push('silence');
    const appending = it.log.append([recordFor(stream)], [expectNew(stream), { stream: pool, expect: 0n }]);
    await other.append([recordFor(pool)], [{ stream: pool, expect: 0n }]);
    expect(await appending).toEqual({ conflicts: [{ stream: pool, expect: 0n, actual: 1n }] });
  });

  test('given it landed unseen and the server does not know it again, then it is answered as landed', async () => {
    it.server.forgetsIds = true;
    it.server.appends.push('written, answer lost');
    expect(await it.log.append([recordFor(stream)], [expectNew(stream)])).toMatchObject({ positions: [100n] });
    expect(it.server.records).toHaveLength(1);
  });

  test('given it landed unseen, the server does not know it again and nothing can be read, then its outcome is unknown', async () => {
    const log = await it.impatient();
    it.server.forgetsIds = true;
    it.server.appends.push('written, answer lost');
    it.server.reads.push(...Array<Turn>(100).fill({ code: status.UNAVAILABLE, message: 'shutting down' }));
    await expect(log.append([recordFor(stream)], [expectNew(stream)])).rejects.toMatchObject({
      message: expect.stringMatching(/^outcome unknown: /) as string,
      mayBeRecorded: true,
    });
    it.server.reads.length = 0;
  });

  test('given nobody answers any more, then what landed is found by reading', async () => {
    const log = await it.impatient();
    it.server.appends.push('written, silence', ...Array<Turn>(20).fill('silence'));
    expect(await log.append([recordFor(stream)], [expectNew(stream)])).toMatchObject({ positions: [100n] });
  });

  test('given nobody answers and it is not there, then its outcome is unknown', async () => {
    const log = await it.impatient();
    it.server.appends.push(...Array<Turn>(20).fill('silence'));
    const appending = log.append([recordFor(stream)], [expectNew(stream)]);
    await expect(appending).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringMatching(/^outcome unknown: /) as string,
      retryAfterSeconds: expect.any(Number) as number,
    });
  });

  test('given no node can be reached, then nothing was written, and that is said in time', async () => {
    const log = await it.impatient();
    it.server.stop();
    const began = Date.now();
    await expect(log.append([recordFor(stream)], [expectNew(stream)])).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringMatching(/^nothing was written: /) as string,
      retryAfterSeconds: expect.any(Number) as number,
    });
    expect(Date.now() - began).toBeLessThan(5000);
    await it.server.listen();
    await given(log, stream);
  });

  describe('that a node refuses which names the leader', () => {
    let leader: ScriptedServer;
    beforeEach(async () => {
      leader = await ScriptedServer.start();
    });
    afterEach(() => leader.stop());
    const namingTheLeader = (): Turn => ({ ...notLeader, message: `${notLeader.message} directly at ${leader.host}` });

    test('goes there at once', async () => {
      it.server.appends.push(namingTheLeader());
      expect(await it.log.append([recordFor(stream)], [expectNew(stream)])).toMatchObject({ positions: [100n] });
      expect([it.server.appendCalls, leader.records.length]).toEqual([1, 1]);
    });

    test('looks for another one where that one is gone', async () => {
      leader.stop();
      it.server.appends.push(namingTheLeader());
      expect(await it.log.append([recordFor(stream)], [expectNew(stream)])).toMatchObject({ positions: [100n] });
      expect([it.server.appendCalls, it.server.records.length]).toEqual([2, 1]);
    });
  });

  test('given the node never becomes the leader, then nothing was written', async () => {
    const log = await it.impatient();
    it.server.appends.push(...Array<Turn>(100).fill(notLeader));
    await expect(log.append([recordFor(stream)], [expectNew(stream)])).rejects.toThrow(/^nothing was written: /);
    it.server.appends.length = 0;
    expect(it.reconnections.length).toBeGreaterThan(1);
    expect(it.reconnections.every(({ purpose }) => purpose === 'append')).toBe(true);
  });

  describe('beside others', () => {
    const names = Array.from({ length: 40 }, (_, n) => `user-${n}`);
    const guarded = (name: string) => [expectNew(name), { stream: pool, expect: 0n }];
    const appendAll = (some = names) => some.map((name) => it.log.append([recordFor(name)], guarded(name)));

    test('shares a call with them, and each is answered with its own place', async () => {
      await given(it.log, pool);
      const answers = await Promise.all(appendAll());
      expect(it.server.appendCalls).toBeLessThan(names.length / 2);
      for (const [index, answer] of answers.entries()) {
        const [event] = await all(it.log.readStream(names[index]!));
        expect(answer).toMatchObject({ positions: [event!.position], revisions: [0n], recordedAt: event!.recordedAt });
      }
    });

    test('has a conflict of its own, and the others land', async () => {
      await given(it.log, pool);
      const taken = names.filter((_, n) => n % 7 === 3);
      for (const name of taken) await given(await it.open(), name);
      const answers = await Promise.all(appendAll());
      const conflicts = answers.map(({ conflicts: each }, n) => (each ? names[n] : undefined)).filter(Boolean);
      expect(conflicts).toEqual(taken);
      for (const name of names) expect(await all(it.log.readStream(name))).toHaveLength(1);
      for (const [n, { conflicts: each }] of answers.entries())
        if (each) expect(each).toEqual([{ stream: names[n], expect: 'no-stream', actual: 0n }]);
    });

    test('lands once with all of them where their answer is lost, or they are told to come again', async () => {
      await given(it.log, pool);
      it.server.appends.push('written, answer lost', notLeader, 'written, silence', 'not written, answer lost');
      const answers = await Promise.all(appendAll());
      const positions = answers.flatMap((answer) => (answer.conflicts ? [] : answer.positions));
      expect(new Set(positions).size).toBe(names.length);
      expect(it.server.records).toHaveLength(names.length + 1);
      const events = await all(it.log.readAll(beforeFirst));
      expect(events.map(({ recordedAt }) => recordedAt)).toEqual(events.map(({ recordedAt }) => recordedAt).toSorted());
    });

    test('is sent without them where the server does not take one of them', async () => {
      await given(it.log, pool);
      it.server.refuses = 'user-17';
      const answers = await Promise.allSettled(appendAll());
      const failed = answers.flatMap(({ status: each }, n) => (each === 'rejected' ? [names[n]] : []));
      expect(failed).toEqual(['user-17']);
      expect(answers[17]).toMatchObject({ reason: expect.any(LogMisuse) as LogMisuse });
      expect(it.server.records).toHaveLength(names.length);
    });

    test('waits for those that write what it looks at, and meets what they wrote', async () => {
      await given(it.log, pool);
      const seal = it.log.append([recordFor(pool)], [{ stream: pool, expect: 0n }]);
      const [sealed, ...homed] = await Promise.all([seal, ...appendAll()]);
      expect(sealed).toMatchObject({ revisions: [1n] });
      const sealedAt = sealed.conflicts ? beforeFirst : sealed.positions[0]!;
      for (const answer of homed) {
        if (answer.conflicts) expect(answer.conflicts).toEqual([{ stream: pool, expect: 0n, actual: 1n }]);
        else expect(answer.positions[0]).toBeLessThan(sealedAt);
      }
    });
  });

  test('given access is denied, then waiting does not help', async () => {
    it.server.appends.push({ code: status.PERMISSION_DENIED, message: 'Access Denied' });
    const appending = it.log.append([recordFor(stream)], [expectNew(stream)]);
    await expect(appending).rejects.toMatchObject({ name: 'LogUnavailable', retryAfterSeconds: null });
    expect(it.server.appendCalls).toBe(1);
  });

  test.each([
    ['a type that KurrentDB does not take', [{ ...recordFor(stream), type: 'User homed' }], [expectNew(stream)]],
    ['a system stream', [recordFor('$users')], [expectNew('$users')]],
    ['two streams that are one to KurrentDB', [recordFor('user-µ')], [expectNew('user-µ'), expectNew('user-μ')]],
  ])('%s is misuse, and nothing is sent', async (_, records, checks) => {
    await expect(it.log.append(records, checks)).rejects.toBeInstanceOf(LogMisuse);
    expect(it.server.appendCalls).toBe(0);
  });

  test('what the server finds malformed or too large is misuse', async () => {
    it.server.appends.push({ code: status.INVALID_ARGUMENT, message: 'The record is too large' });
    await expect(it.log.append([recordFor(stream)], [expectNew(stream)])).rejects.toBeInstanceOf(LogMisuse);
  });

  test('given the log is closed while an append is under way, then that is answered first', async () => {
    const appending = it.log.append([recordFor(stream)], [expectNew(stream)]);
    await it.log.close();
    expect(await appending).toMatchObject({ positions: [100n] });
    await expect(it.log.append([recordFor(stream)], [expectNew(stream)])).rejects.toBeInstanceOf(LogUnavailable);
  });
});
