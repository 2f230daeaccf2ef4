import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { estateProjections, type Projection, type ProjectedEvent, type Views } from '#views';
import { MemoryLog } from '../testing/memory-log.js';
import { newFolder, open, openedForTests } from '../testing/opened.js';
import type { ListAnswer } from '../view.js';

const running = openedForTests();

const site = (log: MemoryLog, name: string): bigint => log.record('SiteRegistered', { site: name });
const sitesOf = async (views: Views, asOf?: { position: bigint } | { instant: string }): Promise<string[]> => {
  const { body } = await views.query('/api/sites', { input: {}, asOf });
  return (body as ListAnswer).items.map((item) => (item as { site: string }).site);
};

/** Counts what it is handed; throws where it is told to. */
function counter(name: string, poison: { type?: string }): { projection: Projection; seen: ProjectedEvent[] } {
  const seen: ProjectedEvent[] = [];
  const projection: Projection = {
    name,
    version: 1,
    schema: 'create table if not exists seen (position integer primary key)',
    open: (db) => {
      const insert = db.prepare('insert into seen values (?)');
      return {
        apply(events) {
          for (const each of events) {
            if (each.event.type === poison.type) throw new Error('indigestible');
            insert.run(each.position);
            seen.push(each);
          }
        },
      };
    },
  };
  return { projection, seen };
}

test('what is recorded is there once its position is reached, and what was before stays to be asked', async () => {
  const log = new MemoryLog();
  const views = await running(newFolder(), log);
  expect(await sitesOf(views)).toEqual([]);
  const first = site(log, 'Redmond');
  const second = site(log, 'Oslo');
  expect((await views.query('/api/sites', { input: {}, after: second })).position).toBe(second);
  expect(await sitesOf(views)).toEqual(['Oslo', 'Redmond']);
  expect(await sitesOf(views, { position: first })).toEqual(['Redmond']);
  expect(await sitesOf(views, { position: first - 1n })).toEqual([]);
});

test('an instant stands for the last position recorded until then', async () => {
  const log = new MemoryLog();
  const at = (ms: number): string => new Date(Date.UTC(2013, 4, 3) + ms).toISOString();
  site(log, 'a');
  site(log, 'b');
  log.clock += 10;
  site(log, 'c');
  const views = await running(newFolder(), log);
  await views.reached(await log.head());
  expect(await sitesOf(views, { instant: at(-1) })).toEqual([]);
  expect(await sitesOf(views, { instant: at(0) })).toEqual(['a', 'b']);
  expect(await sitesOf(views, { instant: at(9) })).toEqual(['a', 'b']);
  expect(await sitesOf(views, { instant: at(10) })).toEqual(['a', 'b', 'c']);
  expect((await views.query('/api/sites', { input: {}, asOf: { instant: at(-1) } })).position).toBe(0n);
});

test('the future is not told, neither by position nor by instant', async () => {
  const log = new MemoryLog();
  const head = site(log, 'a');
  const views = await running(newFolder(), log);
  await expect(sitesOf(views, { position: head + 1n })).rejects.toMatchObject({ name: 'FutureMoment' });
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await expect(sitesOf(views, { instant: tomorrow })).rejects.toMatchObject({ name: 'FutureMoment' });
  expect(await sitesOf(views, { position: 0n })).toEqual([]);
});

test('a position that does not come is waited for two seconds and no longer', async () => {
  const views = await running(newFolder(), new MemoryLog());
  const begun = Date.now();
  await expect(views.query('/api/sites', { input: {}, after: 7n })).rejects.toMatchObject({ name: 'NotReached' });
  expect(Date.now() - begun).toBeGreaterThanOrEqual(1990);
  expect(Date.now() - begun).toBeLessThan(4000);
});

test('after a restart a projection goes on where it was, and sees no event twice', async () => {
  const log = new MemoryLog();
  const folder = newFolder();
  const { projection, seen } = counter('counter', {});
  for (let n = 0; n < 20; n++) site(log, `s${n}`);
  const threads = [[...estateProjections, projection]];
  const before = await open(folder, log, { threads });
  await before.reached(await log.head());
  await before.close();
  site(log, 'later');
  const views = await running(folder, log, { threads });
  await views.reached(await log.head());
  expect(seen.map(({ position }) => BigInt(position))).toEqual(log.events.map(({ position }) => position));
  expect(await sitesOf(views)).toHaveLength(21);
});

test('deleted files are made again, and so is a file that is no database', async () => {
  const log = new MemoryLog();
  const folder = newFolder();
  for (const name of ['a', 'b']) site(log, name);
  const first = await open(folder, log);
  await first.reached(await log.head());
  await first.close();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(join(folder, 'views-topology-v1.db'), 'this was never a database, however long it may be'.repeat(50));
  const views = await running(folder, log);
  await views.reached(await log.head());
  expect(await sitesOf(views)).toEqual(['a', 'b']);
});

test('a read model of another log is made anew, also where that log is longer', async () => {
  const folder = newFolder();
  const log = new MemoryLog();
  for (const name of ['a', 'b']) site(log, name);
  const first = await open(folder, log);
  await first.reached(await log.head());
  await first.close();
  for (const names of [['x'], ['x', 'y', 'z']]) {
    const other = new MemoryLog();
    for (const name of names) site(other, name);
    for (const event of other.events) Object.assign(event, { id: crypto.randomUUID() });
    const views = await open(folder, other);
    await views.reached(await other.head());
    expect(await sitesOf(views)).toEqual(names);
    await views.close();
  }
});

test('files of other versions of a projection go once it has caught up', async () => {
  const log = new MemoryLog();
  const folder = newFolder();
  site(log, 'a');
  for (const name of ['views-topology-v0.db', 'views-topology-v0.db-wal', 'views-topology-x-v0.db'])
    writeFileSync(join(folder, name), '');
  const views = await running(folder, log);
  await views.reached(await log.head());
  await new Promise((resolve) => setTimeout(resolve, 50));
  const left = readdirSync(folder).filter((name) => name.includes('v0'));
  expect(left).toEqual(['views-topology-x-v0.db']);
});

test('an event that a projection cannot take stops that projection alone, before that event, until a retry', async () => {
  const log = new MemoryLog();
  const poison: { type?: string } = { type: 'PolicyEnabled' };
  const { projection, seen } = counter('fragile', poison);
  const failures: unknown[] = [];
  const views = await running(newFolder(), log, {
    threads: [[...estateProjections, projection]],
    onFailed: (name, failure) => failures.push([name, failure]),
  });
  const good = site(log, 'a');
  const bad = log.record('PolicyEnabled', { policy: 'global' });
  const later = site(log, 'b');
  await views.query('/api/sites', { input: {}, after: later });
  expect(await sitesOf(views)).toEqual(['a', 'b']);
  const status = async () => (await views.statuses()).find((each) => each.projection === 'fragile');
  expect(await status()).toMatchObject({
    state: 'failed',
    position: good,
    lagEvents: 2,
    failure: { position: bad, type: 'PolicyEnabled', error: 'Error: indigestible' },
  });
  expect(failures).toHaveLength(1);

  expect(views.retry('fragile')).toBe(true);
  await expect(views.reached(later)).rejects.toMatchObject({ name: 'NotReached', projection: 'fragile' });
  expect(await status()).toMatchObject({ state: 'failed', position: good });
  expect(failures).toHaveLength(2);

  poison.type = 'none';
  views.retry('fragile');
  await views.reached(later);
  expect(await status()).toMatchObject({ state: 'live', lagEvents: 0, failure: undefined });
  expect(new Set(seen.map(({ position }) => BigInt(position)))).toEqual(new Set([good, bad, later]));
  expect(views.retry('fragile')).toBe(false);
});

/** Positions in the file of a `counter`, as its readers find them. */
function counted(folder: string, name: string): bigint[] {
  const db = new Database(join(folder, `views-${name}-v1.db`), { readonly: true });
  const positions = db.prepare('select position from seen order by position').pluck().all() as number[];
  db.close();
  return positions.map(BigInt);
}

test('an event that cannot be taken undoes nothing before it, however much was to be committed together', async () => {
  const log = new MemoryLog();
  const folder = newFolder();
  const poison: { type?: string } = { type: 'PolicyEnabled' };
  for (let n = 0; n < 299; n++) site(log, `s${n}`);
  const bad = log.record('PolicyEnabled', { policy: 'global' });
  for (let n = 0; n < 150; n++) site(log, `t${n}`);
  const head = await log.head();
  const threads = [[...estateProjections, counter('fragile', poison).projection, counter('sound', {}).projection]];
  const views = await running(folder, log, { threads });
  const status = async () => (await views.statuses()).find((each) => each.projection === 'fragile');
  await views.query('/api/sites', { input: {}, after: head });
  for (let waited = 0; waited < 2000 && (await status())?.state !== 'failed'; waited += 5) await sleep(5);
  const positions = log.events.map(({ position }) => position);
  expect(await status()).toMatchObject({ state: 'failed', position: positions[298], failure: { position: bad } });
  expect(counted(folder, 'fragile')).toEqual(positions.slice(0, 299));
  expect(counted(folder, 'sound')).toEqual(positions);

  poison.type = 'none';
  views.retry('fragile');
  await views.reached(head);
  expect(counted(folder, 'fragile')).toEqual(positions);
});

test('a transaction that cannot be committed is taken again, event by event', async () => {
  const log = new MemoryLog();
  const folder = newFolder();
  for (let n = 0; n < 400; n++) site(log, `s${n}`);
  const positions = log.events.map(({ position }) => position);
  const { projection } = counter('large', {});
  const sizes: number[] = [];
  const large: Projection = {
    ...projection,
    open: (db) => {
      const writer = projection.open(db);
      let size = 0;
      return {
        apply(events) {
          size += events.length;
          writer.apply(events);
        },
        finish() {
          sizes.push(size);
          const tooMany = size > 100;
          size = 0;
          if (tooMany) throw new Error('too many');
        },
      };
    },
  };
  const views = await running(folder, log, { threads: [[...estateProjections, large]] });
  await views.reached(await log.head());
  expect(Math.max(...sizes)).toBeGreaterThan(128);
  expect(counted(folder, 'large')).toEqual(positions);
});

test('a view is behind by the age of the first event that it has not seen, however long nothing happened before', async () => {
  const log = new MemoryLog();
  const poison: { type?: string } = { type: 'PolicyEnabled' };
  const { projection } = counter('fragile', poison);
  const views = await running(newFolder(), log, {
    threads: [[...estateProjections, projection]],
    now: () => log.clock,
  });
  const lag = async () => (await views.statuses()).find((each) => each.projection === 'fragile')?.lagSeconds;
  await views.reached(site(log, 'a'));
  log.clock += 3_600_000;
  expect(await lag()).toBe(0);
  log.record('PolicyEnabled', { policy: 'global' });
  log.clock += 5_000;
  const later = site(log, 'b');
  await views.query('/api/sites', { input: {}, after: later });
  log.clock += 2_000;
  expect(await lag()).toBe(7);
  expect((await views.statuses()).find((each) => each.projection === 'topology')?.lagSeconds).toBe(0);
  poison.type = 'none';
  views.retry('fragile');
  await views.reached(later);
  expect(await lag()).toBe(0);
});

test('an event of an unknown type or a newer shape stops only who would take it', async () => {
  const log = new MemoryLog();
  const { projection } = counter('takes-all', {});
  const choosy = estateProjections.filter(({ types, readsData }) => types || readsData === false);
  const views = await running(newFolder(), log, { threads: [[...choosy, projection]] });
  log.record('NobodyKnows', {});
  const later = site(log, 'a');
  await views.query('/api/sites', { input: {}, after: later });
  const failed = (await views.statuses()).filter(({ state }) => state === 'failed');
  expect(failed.map(({ projection, failure }) => [projection, failure?.type])).toEqual([['takes-all', 'NobodyKnows']]);
});

test('who listens hears what was changed, once it can be read', async () => {
  const log = new MemoryLog();
  const views = await running(newFolder(), log);
  const heard = new Promise<unknown>((resolve) => {
    views.onAdvance((advance) => resolve(advance));
  });
  const position = log.record('PoolRegistered', { pool: 'p.contoso.com', generation: 'lync-2013', site: 'Oslo' });
  expect(await heard).toMatchObject({ position, subjects: ['pool:p.contoso.com', 'site:Oslo'] });
});

test('more queries than the reader takes on are refused', async () => {
  const views = await running(newFolder(), new MemoryLog());
  const asked = await Promise.allSettled(Array.from({ length: 300 }, () => views.query('/api/sites', { input: {} })));
  const refused = asked.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  expect(refused).toHaveLength(44);
  expect(refused[0]?.reason).toMatchObject({ name: 'ViewsBusy' });
});
