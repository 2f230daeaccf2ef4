import { MessageChannel } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { beforeFirst, type RecordedEvent } from '#event-log';
import { all, given, givenServer, until } from '../test/given.js';
import { ClientSlot } from './client-slot.js';
import { parseConnection } from './connection.js';
import { KurrentReads } from './kurrent-reads.js';
import { ReadingAhead } from './reading-ahead.js';
import { type FromReading, type Reading, runReading, type ToReading } from './reading-thread.js';

const forever = new AbortController().signal;
const namesOf = (events: readonly RecordedEvent[]): readonly string[] =>
  events.map(({ stream, revision }) => `${stream}@${revision}`);

describe('a long reading of KurrentDB, made ahead', () => {
  const it = givenServer();
  let hired: Reading[];
  let parcels: number;
  let dismissed: number;

  /** The thread's code in this thread. */
  const ahead = (patienceMs = 8000): ReadingAhead =>
    new ReadingAhead({
      connectionString: it.server.connectionString,
      patienceMs,
      onReconnected: (reconnection) => it.reconnections.push(reconnection),
      hire: (reading) => {
        hired.push(reading);
        const { port1, port2 } = new MessageChannel();
        const far = {
          postMessage: (message: FromReading, moved: readonly ArrayBuffer[] = []) => {
            if (message.kind === 'parcel') parcels++;
            port2.postMessage(message, moved);
          },
          on: (event: 'message', listener: (message: ToReading) => void) => port2.on(event, listener),
        };
        const running = runReading(far, reading);
        return {
          port: port1,
          dismiss: async () => {
            port1.postMessage({ kind: 'stop' });
            await running;
            port2.close();
            dismissed++;
          },
        };
      },
    });

  beforeEach(() => {
    hired = [];
    parcels = dismissed = 0;
  });

  test('brings every event once, in order, as it was stored', async () => {
    for (let n = 0; n < 3; n++) await given(it.log, `user-${n}`, 300);
    const here = await all(it.log.readAll(beforeFirst));
    const there = await all(ahead().pages(beforeFirst, forever));
    expect(there.map((event) => ({ ...event, meta: event.meta }))).toEqual(
      here.map((event) => ({ ...event, meta: event.meta })),
    );
    expect(await all(ahead().pages(here[449]?.position ?? 0n, forever))).toHaveLength(450);
    expect(dismissed).toBe(2);
  });

  test('is begun where the log is long, from exactly there', async () => {
    for (let n = 0; n < 42; n++) await given(it.log, `user-${n}`, 500);
    const connection = parseConnection(it.server.connectionString);
    const reads = new KurrentReads(new ClientSlot(connection, 'read', () => undefined), connection.hosts, {
      ahead: ahead(),
    });
    const names = namesOf(await all(reads.readAll(beforeFirst)));
    expect([names.length, new Set(names).size, names.at(-1)]).toEqual([21_000, 21_000, 'user-41@499']);
    expect(hired.map(({ after }) => after > 0n)).toEqual([true]);
    const [, last] = [await all(reads.readAll(hired[0]?.after ?? 0n)), hired.length];
    expect(last).toBe(1);
    reads.close();
  });

  test('given a slow reader, then what waits for it is bounded, and it gets everything', async () => {
    for (let n = 0; n < 8; n++) await given(it.log, `user-${n}`, 500);
    const seen: string[] = [];
    for await (const page of ahead().pages(beforeFirst, forever)) {
      if (seen.length === 0) {
        await until(() => parcels >= 8);
        await sleep(200);
        // The eighth that waits holds it up, and one was taken.
        expect(parcels).toBeLessThanOrEqual(9);
      }
      seen.push(...namesOf(page));
    }
    expect(new Set(seen).size).toBe(4000);
  });

  test('given the node breaks off, then it goes on where it stopped, and it is told', async () => {
    await given(it.log, 'user-a', 3);
    it.server.reads.push({ code: status.UNAVAILABLE, message: 'shutting down' });
    expect(await all(ahead().pages(beforeFirst, forever))).toHaveLength(3);
    expect(it.reconnections).toMatchObject([{ purpose: 'read' }]);
  });

  test('given it is told to end, then it ends at once and without an error, and so does the thread', async () => {
    for (let n = 0; n < 8; n++) await given(it.log, `user-${n}`, 500);
    const ending = new AbortController();
    let events = 0;
    for await (const page of ahead().pages(beforeFirst, ending.signal)) {
      events += page.length;
      ending.abort();
    }
    expect([events, dismissed]).toEqual([128, 1]);
  });

  test('given a reader that leaves, then the thread is let go', async () => {
    await given(it.log, 'user-a', 300);
    for await (const page of ahead().pages(beforeFirst, forever)) if (page.length > 0) break;
    expect(dismissed).toBe(1);
  });

  test('given no node can be reached, then it is unavailable', async () => {
    await given(it.log, 'user-a');
    it.server.stop();
    await expect(all(ahead(500).pages(beforeFirst, forever))).rejects.toMatchObject({
      name: 'LogUnavailable',
      retryAfterSeconds: expect.any(Number) as number,
    });
    expect(dismissed).toBe(1);
  });

  test('given a damaged event, then those before it come, and then it is said', async () => {
    await given(it.log, 'user-a', 3);
    it.server.tamper(2, (record) => ({ ...record, data: record.data.slice(0, -3) }));
    const seen: RecordedEvent[] = [];
    const reading = (async () => {
      for await (const page of ahead().pages(beforeFirst, forever)) seen.push(...page);
    })();
    await expect(reading).rejects.toMatchObject({
      message: expect.stringContaining('its checksum does not match') as string,
      retryAfterSeconds: null,
    });
    expect(namesOf(seen)).toEqual(['user-a@0', 'user-a@1']);
  });
});
