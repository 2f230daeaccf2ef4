import { setTimeout as sleep } from 'node:timers/promises';
import { type CarriedContentTakenBack, type Content, type ContentCarriedOver, contentStream } from '#content';
import type { EventLog, RecordedEvent } from '#event-log';
import { carryOverQueue } from '#migration';
import { CarryOver } from '#server/migrations/carry-over';
import {
  counts,
  done,
  flatName,
  migration,
  type Node,
  node,
  prepare,
  source,
  target,
  upToImport,
} from './carry-over/estate.js';
import { MemoryLog } from './memory-log.js';
import { eventsOf, operator } from './rig.js';

const rooms = 1000;
const waitMsMax = 20_000;

async function prepared(log: EventLog): Promise<Node> {
  const first = node(log);
  await prepare(first, rooms);
  await upToImport(first, rooms);
  return first;
}

/** The log as one node has it; told before each batch that it tries to append. */
const watched = (log: EventLog, onBatch: () => void | Promise<void>): EventLog => ({
  append: async (records, checks) => {
    if (records.some(({ type }) => type === 'ContentCarriedOver')) await onBatch();
    return log.append(records, checks);
  },
  readStream: (stream, from) => log.readStream(stream, from),
  readAll: (after) => log.readAll(after),
  subscribe: (after, signal) => log.subscribe(after, signal),
  head: () => log.head(),
  close: () => log.close(),
});

const reaction = (on: Node, log: EventLog, troubles: unknown[] = []) =>
  new CarryOver({ shell: on.shell, log, pollMs: 1, silentMs: 100, onTrouble: (_, error) => troubles.push(error) });

async function settled(log: EventLog, count = 1): Promise<void> {
  for (let waited = 0; waited < waitMsMax; waited += 5) {
    if ((await ofType(log, 'CarryOverSettled')).length >= count) return;
    await sleep(5);
  }
  throw new Error('the carry-over was not settled');
}

async function ofType(log: EventLog, type: string): Promise<RecordedEvent[]> {
  return (await eventsOf(log)).filter((event) => event.type === type);
}

/** A new node reads everything from the log. */
const contentOf = async (log: EventLog, deployment: string): Promise<Content> =>
  node(log).shell.begin(operator, false).load(contentStream(deployment));

const dataOf = (events: readonly RecordedEvent[]) =>
  events.map(({ data }) => data as unknown as ContentCarriedOver['data']);

/** Every room once, in batches without gap, each saying how far the whole has come. */
async function expectCarriedOnce(log: EventLog): Promise<void> {
  const batches = dataOf(await ofType(log, 'ContentCarriedOver'));
  expect(batches.map(({ batch }) => batch)).toEqual(batches.map((_, index) => index + 1));
  const names = batches.flatMap((batch) => batch.rooms.map(({ room }) => String(room)));
  expect(names.toSorted()).toEqual(Array.from({ length: rooms }, (_, n) => flatName(n)).toSorted());
  expect(batches.at(-1)).toMatchObject({ remaining: 0, carried: counts(rooms) });
  const overwritten = batches.flatMap((batch) => [
    ...batch.overwritten.rooms.map(({ room }) => room),
    ...batch.overwritten.categories.map(({ category }) => category),
  ]);
  expect(overwritten.toSorted()).toEqual(['Room 2', 'company']);
  const content = await contentOf(log, target);
  expect(content.rooms.size).toBe(rooms);
  expect(content.categories.get('trading - desks')).toMatchObject({ name: 'Trading - Desks', rooms: 333 });
}

describe('after an import', () => {
  it('the content of the source appears in the target, answering the import, and what it overwrites is told', async () => {
    const log = new MemoryLog();
    const first = await prepared(log);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    const carrier = reaction(first, log);
    carrier.start();
    await settled(log);
    await carrier.close();
    await expectCarriedOnce(log);
    const [imported] = await ofType(log, 'DataImported');
    for (const { meta } of await ofType(log, 'ContentCarriedOver'))
      expect(meta).toMatchObject({
        actor: { id: 'system', via: 'system' },
        command: null,
        causationId: imported?.id,
        correlationId: imported?.meta.correlationId,
      });
    expect(await node(log).shell.begin(operator, false).load(carryOverQueue)).toEqual(new Map());
    expect(carrier.status).toEqual({ state: 'idle', due: 0 });
  });

  it('rules of the target hold against it at once', async () => {
    const log = new MemoryLog();
    const first = await prepared(log);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    const carrier = reaction(first, log);
    carrier.start();
    await settled(log);
    await carrier.close();
    const add = (fields: object) => first.send('AddRoom', { deployment: target, category: 'trading', ...fields });
    expect(await add({ room: 'ROOM 0' })).toMatchObject({ refusals: [{ rule: 'content.exists' }] });
    expect(await add({ room: 'Trading - Desks' })).toMatchObject({ refusals: [{ rule: 'content.name-clash' }] });
    expect(await add({ room: 'New' })).toMatchObject({ outcome: 'done' });
  });

  it('a process that ends at any append is followed by one that goes on behind it, and nothing is doubled', async () => {
    const log = new MemoryLog();
    const first = await prepared(log);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    let starts = 0;
    while ((await ofType(log, 'CarryOverSettled')).length === 0) {
      if (++starts > 50) throw new Error('the carry-over comes to no end');
      const troubles: unknown[] = [];
      const dying = dyingAfter(log, 1);
      const carrier = reaction(node(dying), dying, troubles);
      carrier.start();
      for (let waited = 0; troubles.length === 0 && waited < 400; waited++) {
        if ((await ofType(log, 'CarryOverSettled')).length > 0) break;
        await sleep(1);
      }
      await carrier.close();
    }
    expect(starts).toBeGreaterThan(3);
    await expectCarriedOnce(log);
  });

  it('two nodes that carry over at once do it once, and one of them leaves it to the other', async () => {
    const log = new MemoryLog({ pause: () => sleep(Math.random() < 0.3 ? 1 : 0) });
    const first = await prepared(log);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    const tries = [0, 0];
    const carriers = tries.map((_, index) => {
      const own = watched(log, () => void tries[index]!++);
      return reaction(node(own, true), own);
    });
    for (const carrier of carriers) carrier.start();
    await settled(log);
    for (const carrier of carriers) await carrier.close();
    await expectCarriedOnce(log);
    expect(await ofType(log, 'CarryOverSettled')).toHaveLength(1);
    const batches = (await ofType(log, 'ContentCarriedOver')).length;
    expect(batches).toBeGreaterThan(4);
    // Each has tried the first batch at the most in vain.
    expect(tries[0]! + tries[1]!).toBeLessThanOrEqual(batches + 2);
  });

  it('another node goes on with what one has left', async () => {
    const log = new MemoryLog({ pause: () => sleep(0) });
    const first = await prepared(log);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    let gone = false;
    const back = Promise.withResolvers<void>();
    const own = watched(log, async () => {
      if ((await ofType(log, 'ContentCarriedOver')).length > 1) gone = true;
      if (gone) await back.promise;
    });
    const carriers = [reaction(node(own, true), own), reaction(node(log, true), log)];
    for (const carrier of carriers) carrier.start();
    await settled(log);
    back.resolve();
    for (const carrier of carriers) await carrier.close();
    await expectCarriedOnce(log);
  });

  it('trouble is told, shows, and ends by itself', async () => {
    const log = new MemoryLog();
    const first = await prepared(log);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    let isFull = true;
    const full = {
      ...dyingAfter(log, 0),
      append: ((...args) =>
        isFull ? Promise.reject(new Error('disk full')) : log.append(...args)) as EventLog['append'],
    };
    const troubles: unknown[] = [];
    const carrier = reaction(node(full), full, troubles);
    carrier.start();
    for (let waited = 0; carrier.status.state !== 'failing' && waited < 2000; waited++) await sleep(1);
    expect(troubles).toEqual([expect.objectContaining({ message: 'disk full' })]);
    expect(carrier.status).toEqual({ state: 'failing', due: 1 });
    isFull = false;
    await settled(log);
    for (let waited = 0; carrier.status.state !== 'idle' && waited < 2000; waited++) await sleep(1);
    expect(carrier.status).toEqual({ state: 'idle', due: 0 });
    await carrier.close();
    await expectCarriedOnce(log);
  });
});

/** A log that takes so many appends and dies with the next. */
function dyingAfter(log: EventLog, appends: number): EventLog {
  let left = appends;
  return {
    append: (records, checks) => (left-- > 0 ? log.append(records, checks) : Promise.reject(new Error('killed'))),
    readStream: (stream, from) => log.readStream(stream, from),
    readAll: (after) => log.readAll(after),
    subscribe: (after, signal) => log.subscribe(after, signal),
    head: () => log.head(),
    close: () => Promise.resolve(),
  };
}

describe('after a rollback', () => {
  it.each([
    ['once everything was carried over', Infinity],
    ['in the middle of it', 2],
  ])('%s, the target is what it was, batch by batch', async (_, appends) => {
    const log = new MemoryLog();
    const first = await prepared(log);
    const before = await contentOf(log, target);
    await done(first.send('RecordImport', { migration, ...counts(rooms) }));
    const troubles: unknown[] = [];
    const dying = dyingAfter(log, appends);
    const carrier = reaction(node(dying), dying, troubles);
    carrier.start();
    for (let waited = 0; troubles.length === 0 && waited < waitMsMax; waited++) {
      if ((await ofType(log, 'CarryOverSettled')).length > 0) break;
      await sleep(1);
    }
    await carrier.close();
    expect((await contentOf(log, target)).rooms.size).toBeGreaterThan(400);
    const back = node(log);
    await done(back.send('RollBackMigration', { migration, reason: 'the pilot is over' }));
    const settledBefore = (await ofType(log, 'CarryOverSettled')).length;
    const taker = reaction(back, log);
    taker.start();
    await settled(log, settledBefore + 1);
    await taker.close();
    const after = await contentOf(log, target);
    expect(after.rooms.toJS()).toEqual(before.rooms.toJS());
    expect(after.categories.toJS()).toEqual(before.categories.toJS());
    expect(after.covered.size).toBe(0);
    const batches = (await ofType(log, 'CarriedContentTakenBack')).map(
      ({ data }) => data as unknown as CarriedContentTakenBack['data'],
    );
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.at(-1)).toMatchObject({ remaining: 0, carried: { categories: 0, rooms: 0, addIns: 0 } });
    // The source may go once more, into the same target.
    const again = { migration: 'wave-2', source, target };
    await done(back.send('PlanMigration', again));
    expect((await contentOf(log, source)).handedOver).toBeNull();
  });
});

describe('a room that is excluded at the same moment', () => {
  it('is in the export or is not, and what is carried over agrees', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 40; round++) {
      const log = new MemoryLog({ pause: () => sleep(Math.random() < 0.5 ? 1 : 0) });
      const [a, b] = [node(log, true), node(log, true)];
      await prepare(a, 6);
      await done(a.send('PlanMigration', { migration, source, target }));
      for (const side of ['source', 'target']) {
        await done(a.send('RecordBackup', { migration, side, reference: 'tape 7' }));
        await done(a.send('StopServices', { migration, side }));
      }
      const excluding = () =>
        b.send('ExcludeRoom', { deployment: source, room: 'Room 0', reason: 'nobody writes there' });
      const exporting = () => a.send('RecordExport', { migration, file: 'export.zip', ...counts(6) });
      const late = (ms: number) => sleep(Math.random() * ms);
      const [, excluded] = await Promise.all([late(20).then(exporting), late(5).then(excluding)]);
      const events = await eventsOf(log);
      const at = (type: string) => events.findIndex((event) => event.type === type);
      outcomes.add(excluded.outcome);
      if (excluded.outcome === 'done') expect(at('RoomExcluded')).toBeLessThan(at('DataExported'));
      else expect(excluded).toMatchObject({ refusals: [{ rule: 'migration.already-exported' }] });
      await done(a.send('ApproveInspection', { migration }, 'token-2'));
      await done(a.send('RecordDryRun', { migration, errors: 0, warnings: 0 }));
      const [, tooLate] = await Promise.all([
        a.send('RecordImport', { migration, ...counts(6) }),
        b.send(excluded.outcome === 'done' ? 'IncludeRoom' : 'ExcludeRoom', {
          deployment: source,
          room: 'Room 0',
          ...(excluded.outcome === 'done' ? {} : { reason: 'nobody writes there' }),
        }),
      ]);
      expect(tooLate).toMatchObject({ refusals: [{ rule: 'migration.already-exported' }] });
      const carrier = reaction(a, log);
      carrier.start();
      await settled(log);
      await carrier.close();
      const { rooms: carried } = await contentOf(log, target);
      expect(carried.has('room 0')).toBe(excluded.outcome === 'refused');
    }
    expect([...outcomes].toSorted()).toEqual(['done', 'refused']);
  }, 60_000);
});
