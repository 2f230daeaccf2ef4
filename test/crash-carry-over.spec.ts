import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { batchThings, type ContentCarriedOver } from '#content';
import type { RecordedEvent } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { counts, flatName, migration, node, prepare, upToImport } from './carry-over/estate.js';
import { eventsOf } from './rig.js';
import { TestServer } from './server.js';

const rooms = 6_000;
/** A process ends when so many batches more are on record. */
const batchesAProcess = [1, 4, 2, 6, 3];
const endsMax = 20;
const waitSecondsMax = 60;

let folder: string;
let server: TestServer;
let prepared: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-crash-'));
  // The first start issues the token; what comes before the import is recorded without a server.
  expect(await (await TestServer.start({ dataDir: folder })).stop()).toBe(0);
  const log = await openSqliteLog({ file: join(folder, 'events.db') });
  const first = node(log);
  await prepare(first, rooms);
  await upToImport(first, rooms);
  prepared = (await eventsOf(log)).length;
  await log.close();
}, 60_000);
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** While the server writes. */
async function untilEvents(count: number): Promise<void> {
  const db = new Database(join(folder, 'events.db'), { readonly: true });
  const counted = db.prepare<[], number>('select count(*) from events').pluck();
  try {
    for (let waited = 0; (counted.get() ?? 0) < count; waited++) {
      if (waited > waitSecondsMax * 200) throw new Error(`no ${count} events came`);
      await sleep(5);
    }
  } finally {
    db.close();
  }
}

async function recorded(): Promise<RecordedEvent[]> {
  const log = await openSqliteLog({ file: join(folder, 'events.db') });
  try {
    return await eventsOf(log);
  } finally {
    await log.close();
  }
}

const batchesOf = (events: readonly RecordedEvent[]) =>
  events
    .filter(({ type }) => type === 'ContentCarriedOver')
    .map(({ data }) => data as unknown as ContentCarriedOver['data']);

const isSettled = (events: readonly RecordedEvent[]) => events.some(({ type }) => type === 'CarryOverSettled');

it('a server that is killed or stopped while it carries content over goes on where it was, and doubles nothing', async () => {
  server = await TestServer.start({ dataDir: folder });
  const imported = await server.send('record-import', { migration, ...counts(rooms) });
  expect(imported.body.outcome).toBe('done');
  let inTheMiddle = 0;
  // The import is three events, two of them bookkeeping; the end is one more than the batches.
  let before = prepared + 3;
  const whole = before + Math.ceil((rooms + 3) / batchThings) + 1;
  for (let ends = 0; ; ends++) {
    if (ends > endsMax) throw new Error('the carry-over comes to no end');
    await untilEvents(Math.min(before + batchesAProcess[ends % batchesAProcess.length]!, whole));
    if (ends % 4 === 3) expect(await server.stop()).toBe(0);
    else await server.kill();
    const events = await recorded();
    const batches = batchesOf(events);
    expect(batches.map(({ batch }) => batch)).toEqual(batches.map((_, index) => index + 1));
    if (isSettled(events)) break;
    before = events.length;
    if (batches.length > 0) inTheMiddle++;
    server = await TestServer.start({ dataDir: folder });
  }
  expect(inTheMiddle).toBeGreaterThan(0);
  const batches = batchesOf(await recorded());
  const names = batches.flatMap((batch) => batch.rooms.map(({ room }) => String(room)));
  expect(names).toHaveLength(rooms);
  expect(names.toSorted()).toEqual(Array.from({ length: rooms }, (_, n) => flatName(n)).toSorted());
  expect(batches.at(-1)).toMatchObject({ remaining: 0, carried: counts(rooms) });

  server = await TestServer.start({ dataDir: folder });
  for (let waited = 0; waited < waitSecondsMax * 10; waited++) {
    const { body } = await server.get('/health/ready', null);
    if (body.status === 'ready') break;
    await sleep(100);
  }
  expect((await server.get('/health/ready', null)).body).toMatchObject({ carryOver: { state: 'idle', due: 0 } });
  await server.kill();
}, 240_000);
