import { status } from '@grpc/grpc-js';
import { beforeFirst, type EventLog, type Position, type RecordedEvent } from '#event-log';
import { given, givenServer, until } from '../test/given.js';

/** Follows a log in the background. */
function following(log: EventLog, after: Position = beforeFirst) {
  const stopping = new AbortController();
  const seen: RecordedEvent[] = [];
  const done = (async () => {
    for await (const page of log.subscribe(after, stopping.signal)) seen.push(...page);
  })();
  return {
    seen,
    done,
    names: () => seen.map(({ stream, revision }) => `${stream}@${revision}`),
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

describe('a subscription to KurrentDB', () => {
  const it = givenServer();

  test('catches up by pages and follows from exactly there', async () => {
    await given(it.log, 'user-a', 3);
    const follower = following(it.log, 100n);
    await until(() => it.server.subscriptionCalls === 1);
    it.server.foreign('order-1');
    await given(it.log, 'user-b', 2);
    await until(() => follower.seen.length === 4);
    expect(follower.names()).toEqual(['user-a@1', 'user-a@2', 'user-b@0', 'user-b@1']);
    expect(it.server.subscriptionCalls).toBe(1);
    await follower.stop();
  });

  test('given a busy log, then it goes on by pages, and subscribes again from exactly there once that is quiet', async () => {
    const follower = following(it.log);
    await until(() => it.server.subscribers === 1);
    await given(it.log, 'user-a', 150);
    await until(() => it.server.subscribers === 0);
    for (let n = 0; n < 10; n++) await given(it.log, `user-${n}`, 5);
    await until(() => follower.seen.length === 200);
    expect(it.server.subscriptionCalls).toBe(1);
    await until(() => it.server.subscribers === 1);
    await given(it.log, 'user-z');
    await until(() => follower.seen.length === 201);
    expect([new Set(follower.names()).size, follower.names().at(-1)]).toEqual([201, 'user-z@0']);
    expect(it.server.subscriptionCalls).toBe(2);
    await follower.stop();
  });

  test('given it is dropped, also again and again, then it goes on without gap or double', async () => {
    const follower = following(it.log);
    for (let n = 0; n < 6; n++) {
      await given(it.log, `user-${n}`, 2);
      await until(() => follower.seen.length >= 2 * n + 1);
      it.server.dropSubscriptions();
    }
    await until(() => follower.seen.length === 12);
    expect(new Set(follower.names()).size).toBe(12);
    expect(it.reconnections.every(({ purpose }) => purpose === 'follow')).toBe(true);
    await follower.stop();
  });

  test('given it is refused for a while, then it is taken up again', async () => {
    it.server.subscriptions.push('not written, answer lost', { code: status.UNAVAILABLE, message: 'shutting down' });
    const follower = following(it.log);
    await until(() => it.server.subscriptionCalls === 3);
    await given(it.log, 'user-a');
    await until(() => follower.seen.length === 1);
    await follower.stop();
  });

  test('given the node is gone and comes back, then it goes on', async () => {
    await given(it.log, 'user-a');
    const follower = following(it.log);
    await until(() => it.server.subscriptionCalls === 1);
    it.server.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await it.server.listen();
    await given(it.log, 'user-b');
    await until(() => follower.seen.length === 2);
    expect(follower.names()).toEqual(['user-a@0', 'user-b@0']);
    await follower.stop();
  });

  test('given it goes quiet while the log goes on, then that is seen within seconds', async () => {
    const follower = following(it.log);
    await until(() => it.server.subscriptionCalls === 1);
    await given(it.log, 'user-a');
    await until(() => follower.seen.length === 1);
    it.server.freezeSubscriptions();
    await given(it.log, 'user-b', 2);
    await until(() => follower.seen.length === 3, 5000);
    expect(follower.names()).toEqual(['user-a@0', 'user-b@0', 'user-b@1']);
    await follower.stop();
  });

  test('given a slow reader, then what waits for it is bounded, and it gets everything', async () => {
    const seen: string[] = [];
    let wake = (): void => undefined;
    const stopping = new AbortController();
    const done = (async () => {
      for await (const page of it.log.subscribe(beforeFirst, stopping.signal)) {
        seen.push(...page.map(({ stream, revision }) => `${stream}@${revision}`));
        if (seen.length === 1) await new Promise<void>((resolve) => (wake = resolve));
      }
    })();
    await given(it.log, 'user-first');
    await until(() => seen.length === 1);
    for (let n = 0; n < 12; n++) await given(it.log, `user-${n}`, 500);
    wake();
    await until(() => seen.length === 6001);
    expect(new Set(seen).size).toBe(6001);
    stopping.abort();
    await done;
  });

  test('given an event that is damaged, then it fails, and its owner decides', async () => {
    const follower = following(it.log);
    await until(() => it.server.subscriptionCalls === 1);
    await given(it.log, 'user-a');
    await until(() => follower.seen.length === 1);
    it.server.freezeSubscriptions();
    await given(it.log, 'user-b');
    it.server.tamper(1, (record) => ({ ...record, data: record.data.slice(0, -2) }));
    await expect(follower.done).rejects.toThrow('the event log is corrupt at position 200');
  });

  test('given no node can be reached for longer than it is patient, then it fails, and its owner decides', async () => {
    const follower = following(await it.impatient());
    await until(() => it.server.subscriptionCalls === 1);
    it.server.stop();
    await expect(follower.done).rejects.toMatchObject({ name: 'LogUnavailable' });
  });

  test('ends at once with the log', async () => {
    const follower = following(it.log);
    await until(() => it.server.subscriptionCalls === 1);
    await it.log.close();
    await follower.done;
  });
});
