import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { beforeFirst, type Position, type RecordedEvent } from '#event-log';
import { all, given, givenServer, until } from '../test/given.js';
import { ClientSlot } from './client-slot.js';
import { parseConnection } from './connection.js';
import { KurrentReads } from './kurrent-reads.js';
import { ReadingAhead } from './reading-ahead.js';
import { eventOf } from './record.js';
import { type FromReading, type Reading, runReading, type ToReading } from './reading-thread.js';

const forever = new AbortController().signal;

/** The events of what was read ahead, after this position. */
async function* eventsAfter(
  reading: ReadingAhead,
  position: Position = beforeFirst,
  ended = forever,
): AsyncGenerator<readonly RecordedEvent[]> {
  for await (const page of reading.pages({ position }, ended)) yield page.map((record) => eventOf(record));
}

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
    const there = await all(eventsAfter(ahead()));
    expect(there.map((event) => ({ ...event, meta: event.meta }))).toEqual(
      here.map((event) => ({ ...event, meta: event.meta })),
    );
    expect(await all(eventsAfter(ahead(), here[449]?.position))).toHaveLength(450);
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
    expect(await all(reads.readAll(hired[0]?.after ?? beforeFirst))).toHaveLength(1000);
    expect(hired).toHaveLength(1);
    reads.close();
  });

  test('given a slow reader, then what waits for it is bounded, and it gets everything', async () => {
    for (let n = 0; n < 8; n++) await given(it.log, `user-${n}`, 500);
    const seen: string[] = [];
    for await (const page of eventsAfter(ahead())) {
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
    expect(await all(eventsAfter(ahead()))).toHaveLength(3);
    expect(it.reconnections).toMatchObject([{ purpose: 'read' }]);
  });

  test('given it is told to end, then it ends at once and without an error, and so does the thread', async () => {
    for (let n = 0; n < 8; n++) await given(it.log, `user-${n}`, 500);
    const ending = new AbortController();
    let events = 0;
    for await (const page of eventsAfter(ahead(), beforeFirst, ending.signal)) {
      events += page.length;
      ending.abort();
    }
    expect([events, dismissed]).toEqual([128, 1]);
  });

  test('given a reader that leaves, then the thread is let go', async () => {
    await given(it.log, 'user-a', 300);
    for await (const page of eventsAfter(ahead())) if (page.length > 0) break;
    expect(dismissed).toBe(1);
  });

  test('what others wrote after the last event of ours is not read again', async () => {
    await given(it.log, 'user-a');
    for (let n = 0; n < 5; n++) it.server.foreign(`order-${n}`);
    const cursor = { position: beforeFirst };
    for await (const page of ahead().pages(cursor, forever)) expect(page).toHaveLength(1);
    expect(cursor.position).toBe(600n);
  });

  test('given a thread that ends by itself, then it is unavailable', async () => {
    const { port1, port2 } = new MessageChannel();
    const reading = new ReadingAhead({
      connectionString: it.server.connectionString,
      patienceMs: undefined,
      onReconnected: () => undefined,
      hire: () => ({ port: port1, dismiss: () => Promise.resolve() }),
    });
    setTimeout(() => port2.close(), 50);
    await expect(all(eventsAfter(reading))).rejects.toMatchObject({ name: 'LogUnavailable', retryAfterSeconds: 2 });
  });

  test('the thread itself reads to the end, stops when it is left or told to, and lets the process end', async () => {
    for (let n = 0; n < 6; n++) await given(it.log, `user-${n}`, 500);
    const script = `
      import { ReadingAhead } from ${JSON.stringify(pathToFileURL(resolve('dist/libs/event-log-kurrentdb/src/reading-ahead.js')).href)};
      const reading = new ReadingAhead({ connectionString: process.argv[2], patienceMs: 8000, onReconnected: console.error });
      const read = async (ended, pagesMax) => {
        let records = 0, pages = 0;
        for await (const page of reading.pages({ position: -1n }, ended.signal)) {
          records += page.length;
          if (++pages === pagesMax) break;
          if (pages === ended.after) ended.abort();
        }
        return records;
      };
      const aborted = Object.assign(new AbortController(), { after: 2 });
      console.log(JSON.stringify([await read(new AbortController()), await read(new AbortController(), 1), await read(aborted)]));`;
    const file = join(mkdtempSync(join(tmpdir(), 'homeward-ahead-')), 'reading.mjs');
    writeFileSync(file, script);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, it.server.connectionString], {
      timeout: 60_000,
    });
    rmSync(dirname(file), { recursive: true });
    expect([JSON.parse(stdout), stderr]).toEqual([[3000, 128, 256], '']);
  });

  test('given no node can be reached, then it is unavailable', async () => {
    await given(it.log, 'user-a');
    it.server.stop();
    await expect(all(eventsAfter(ahead(500)))).rejects.toMatchObject({
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
      for await (const page of eventsAfter(ahead())) seen.push(...page);
    })();
    await expect(reading).rejects.toMatchObject({
      message: expect.stringContaining('its checksum does not match') as string,
      retryAfterSeconds: null,
    });
    expect(namesOf(seen)).toEqual(['user-a@0', 'user-a@1']);
  });
});
