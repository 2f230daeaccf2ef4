import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { estateProjections, type Projection, type Views } from '#views';
import { GatedLog } from '../testing/gated-log.js';
import { catalogue } from '../testing/catalogue.js';
import { NaiveEstate, type Said } from '../testing/naive-estate.js';
import { newFolder, open, openedForTests } from '../testing/opened.js';
import { stories } from '../testing/random-story.js';
import { timelineProjection } from '../timeline/timeline-projection.js';
import type { ListAnswer } from '../view.js';

const running = openedForTests();

const swap = { purpose: 'swap', by: { id: 'token-1', name: 'Olga' } } as const;
const comparison = { purpose: 'compare', by: null } as const;
const everything = [estateProjections, [timelineProjection(catalogue)]];
const allNames = everything.flat().map(({ name }) => name);

const site = (log: GatedLog, name: string): bigint => log.record('SiteRegistered', { site: name });
/** A log with so many sites, and views that have them. */
async function withSites(count: number, options: Parameters<typeof open>[2] = {}, opening = running) {
  const log = new GatedLog();
  const folder = newFolder();
  for (let n = 0; n < count; n++) site(log, `s${n}`);
  const views = await opening(folder, log, options);
  await views.reached(await log.head());
  return { log, folder, views };
}
const shownSites = async (views: Views) => {
  const { body, position } = await views.query('/api/sites', { input: {}, limit: 10_000 });
  return { position, sites: (body as ListAnswer).items.map((item) => (item as { site: string }).site) };
};
const filesOf = (folder: string, name: string): string[] =>
  readdirSync(folder).filter((file) => file.startsWith(`views-${name}-`) && file.endsWith('.db'));
const status = async (views: Views, name: string) =>
  (await views.statuses()).find(({ projection }) => projection === name);

/** Waits for what has to come. */
async function until(right: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (await right()) return;
    await sleep(5);
  }
  throw new Error('it did not come');
}

async function rebuilt(views: Views, names: readonly string[], order: Parameters<Views['rebuild']>[1]) {
  const rebuild = await views.rebuild(names, order);
  await rebuild.ended();
  return rebuild.statuses();
}

/** Changes the file that serves, behind the projection's back. */
function plant(folder: string, name: string, sql: string): void {
  const [file = ''] = filesOf(folder, name);
  const db = new Database(join(folder, file));
  db.exec(sql);
  db.close();
}

describe('a rebuild', () => {
  it('fills new files while the old ones serve and follow, and puts them in their place in one step', async () => {
    const { log, folder, views } = await withSites(100, { threads: everything });
    log.gate = 60n;
    const rebuild = await views.rebuild(allNames, swap);
    const during = site(log, 'during');
    await views.reached(during);
    expect((await shownSites(views)).sites).toHaveLength(101);
    expect(filesOf(folder, 'topology')).toEqual(['views-topology-v1.1.db', 'views-topology-v1.db']);
    await until(async () => (await status(views, 'topology'))?.progress?.done === 20);
    expect(await status(views, 'topology')).toMatchObject({
      state: 'rebuilding',
      isServing: true,
      position: during,
      lagEvents: 0,
      progress: { purpose: 'swap', done: 20, total: 100 },
    });
    log.gate = 1n << 60n;
    await rebuild.ended();
    for (const name of allNames) {
      expect(views.rebuildOf(name)).toMatchObject({ state: 'done', purpose: 'swap', by: { name: 'Olga' } });
      expect(filesOf(folder, name)).toEqual([expect.stringMatching(/\.1\.db$/)]);
      expect(await status(views, name)).toMatchObject({ state: 'live', progress: null });
    }
    const after = site(log, 'after');
    await views.reached(after);
    expect((await shownSites(views)).sites).toHaveLength(102);
  });

  it('fails no request, and no answer is from before the one before it', async () => {
    const log = new GatedLog();
    const views = await running(newFolder(), log, { threads: everything });
    const story = { isOver: false };
    const recording = (async () => {
      for (let n = 0; !story.isOver; n++) {
        log.clock += 1;
        site(log, `s${n}`);
        await sleep(1);
      }
    })();
    const asking = (async () => {
      let last = { position: -1n, sites: [] as string[] };
      for (let asked = 0; !story.isOver; asked++) {
        const now = await shownSites(views);
        expect(now.position).toBeGreaterThanOrEqual(last.position);
        expect(now.sites.length).toBeGreaterThanOrEqual(last.sites.length);
        // Whatever it was read from, it is all that had happened by then.
        expect(now.sites).toHaveLength(log.events.filter(({ position }) => position <= now.position).length);
        last = now;
      }
    })();
    for (let round = 0; round < 5; round++)
      for (const { state } of await rebuilt(views, allNames, swap)) expect(state).toBe('done');
    story.isOver = true;
    await Promise.all([recording, asking]);
  });

  it('mends what was wrong, and what a projection had failed at', async () => {
    const log = new GatedLog();
    const folder = newFolder();
    site(log, 'Oslo');
    const views = await running(folder, log);
    await views.reached(await log.head());
    plant(folder, 'topology', `update site set site = 'Atlantis'`);
    plant(folder, 'topology', `create trigger no_more before insert on site begin select raise(abort, 'full'); end`);
    const later = site(log, 'Redmond');
    await until(async () => (await status(views, 'topology'))?.state === 'failed');
    expect(await shownSites(views)).toMatchObject({ sites: ['Atlantis'], position: later - 3n });
    const [result] = await rebuilt(views, ['topology'], swap);
    expect(result?.state).toBe('done');
    expect(await status(views, 'topology')).toMatchObject({ state: 'live', failure: undefined });
    expect(await shownSites(views)).toEqual({ sites: ['Oslo', 'Redmond'], position: later });
    await views.reached(site(log, 'Bonn'));
    expect((await shownSites(views)).sites).toEqual(['Bonn', 'Oslo', 'Redmond']);
  });

  it('goes on after a restart from where it was', async () => {
    const { log, folder, views: before } = await withSites(50, {}, open);
    log.gate = 63n;
    await before.rebuild(['topology', 'moments'], swap);
    await until(async () => (await status(before, 'topology'))?.progress?.done === 21);
    await before.close();
    expect(filesOf(folder, 'topology')).toHaveLength(2);

    const views = await running(folder, log);
    expect(views.rebuildOf('topology')).toMatchObject({
      state: 'running',
      by: { name: 'Olga' },
      progress: { done: 21 },
    });
    expect((await shownSites(views)).sites).toHaveLength(50);
    log.gate = 1n << 60n;
    await until(() => views.rebuildOf('topology')?.state === 'done');
    for (const name of ['topology', 'moments']) expect(filesOf(folder, name)).toEqual([`views-${name}-v1.1.db`]);
    expect((await shownSites(views)).sites).toHaveLength(50);
  });

  it('can be cancelled, and leaves nothing behind', async () => {
    const { log, folder, views } = await withSites(50);
    await expect(views.cancelRebuild(['topology'])).rejects.toMatchObject({ name: 'CannotCancel' });
    log.gate = 30n;
    await views.rebuild(['topology'], swap);
    await expect(views.rebuild(['users', 'topology'], swap)).rejects.toMatchObject({ name: 'RebuildRunning' });
    await views.cancelRebuild(['topology']);
    expect(views.rebuildOf('topology')).toMatchObject({ state: 'cancelled' });
    expect(filesOf(folder, 'topology')).toEqual(['views-topology-v1.db']);
    expect(await status(views, 'topology')).toMatchObject({ state: 'live', progress: null });
    log.gate = 1n << 60n;
    expect(await rebuilt(views, ['topology'], swap)).toMatchObject([{ state: 'done' }]);
  });

  it('that meets an event it cannot take says so, and the old one goes on', async () => {
    const log = new GatedLog();
    const folder = newFolder();
    const poison: { type?: string } = {};
    const fragile: Projection = {
      name: 'fragile',
      version: 1,
      schema: 'create table if not exists seen (position integer primary key)',
      open: () => ({
        apply(events) {
          if (events.some(({ event }) => event.type === poison.type)) throw new Error('indigestible');
        },
      }),
    };
    site(log, 'a');
    const bad = log.record('PolicyEnabled', { policy: 'global' });
    const last = site(log, 'b');
    const views = await running(folder, log, { threads: [[...estateProjections, fragile]] });
    await views.reached(last);
    poison.type = 'PolicyEnabled';
    const [sites, failed] = await rebuilt(views, ['moments', 'fragile'], swap);
    expect(failed).toMatchObject({ state: 'failed', failure: { position: bad, type: 'PolicyEnabled' } });
    // Together or not at all.
    expect(sites).toMatchObject({ state: 'failed', failure: undefined });
    for (const name of ['moments', 'fragile']) expect(filesOf(folder, name)).toEqual([`views-${name}-v1.db`]);
    expect(await status(views, 'fragile')).toMatchObject({ state: 'live', position: last });
  });
});

describe('a comparison', () => {
  it('finds nothing where nothing is wrong, however the events came in batches', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.nat(5), async (steps, pause) => {
        const log = new GatedLog();
        const estate = new NaiveEstate();
        const views = await open(newFolder(), log, { threads: everything });
        for (const [index, step] of steps.entries()) {
          for (const { type, data } of step(estate)) {
            log.clock += index % 3;
            log.record(type, data);
            estate.take(type, data as Said, new Date(log.clock).toISOString());
          }
          if (index % 5 < pause) await sleep(1);
        }
        await views.reached(await log.head());
        const statuses = await rebuilt(views, allNames, comparison);
        await views.close();
        for (const { verdict, projection } of statuses)
          expect({ projection, verdict }).toMatchObject({ verdict: { same: true } });
      }),
      { numRuns: 10 },
    );
  });

  it('finds a wrong row, a missing one and one too many, and names them by table and key', async () => {
    const log = new GatedLog();
    const folder = newFolder();
    for (const name of ['Bonn', 'Oslo', 'Redmond']) site(log, name);
    const views = await running(folder, log, { threads: everything });
    await views.reached(await log.head());
    plant(folder, 'topology', `update site set site = 'Atlantis' where site = 'Oslo'`);
    plant(folder, 'topology', `delete from site where site = 'Bonn'`);
    plant(folder, 'topology', `insert into pool values ('p', 1, 2, 'lync-2013', 'Oslo', 'active')`);
    plant(folder, 'timeline', `insert into search (rowid, text) values (3, 'nonsense')`);
    const [topology, timeline, moments] = await rebuilt(views, ['topology', 'timeline', 'moments'], comparison);
    expect(moments?.verdict).toMatchObject({ same: true, position: await log.head() });
    expect(topology).toMatchObject({ state: 'done', verdict: { same: false } });
    const wrong = topology?.verdict?.tables.filter(({ same }) => !same);
    expect(wrong).toMatchObject([
      {
        table: 'pool',
        rows: { old: 1, new: 0 },
        differing: 1,
        first: [{ key: { pool: 'p', valid_from: 1 }, new: null }],
      },
      {
        table: 'site',
        rows: { old: 2, new: 3 },
        differing: 2,
        first: [
          { key: { key: 'bonn', valid_from: 3 }, old: null, new: { site: 'Bonn' } },
          { key: { key: 'oslo', valid_from: 6 }, old: { site: 'Atlantis' }, new: { site: 'Oslo' } },
        ],
      },
    ]);
    const found = timeline?.verdict?.tables.filter(({ same }) => !same);
    expect(found).toMatchObject([{ table: 'search', first: [{ key: { term: 'nonsense', row: 3 }, new: null }] }]);
    // It tells and changes nothing.
    expect((await shownSites(views)).sites).toEqual(['Atlantis', 'Redmond']);
    expect(filesOf(folder, 'topology')).toEqual(['views-topology-v1.db']);
  });

  it('is of one moment, while the log goes on', async () => {
    const log = new GatedLog();
    const views = await running(newFolder(), log, { threads: everything });
    const story = { isOver: false };
    const recording = (async () => {
      for (let n = 0; !story.isOver; n++) {
        site(log, `s${n}`);
        await sleep(1);
      }
    })();
    await views.reached(3n);
    for (let round = 0; round < 3; round++)
      for (const { verdict } of await rebuilt(views, allNames, comparison)) expect(verdict?.same).toBe(true);
    story.isOver = true;
    await recording;
  });
});

describe('a projection of a new version', () => {
  const sites = (version: number, more: Partial<Projection> = {}): Projection => ({
    ...estateProjections.find(({ name }) => name === 'topology')!,
    version,
    ...more,
  });
  const threads = (topology: Projection) => [
    [...estateProjections.filter(({ name }) => name !== 'topology'), topology],
  ];

  it('whose tables are the same goes on serving and following in its old file until the new one is there', async () => {
    const { log, folder, views: before } = await withSites(30, {}, open);
    await before.close();

    log.gate = 30n;
    const views = await running(folder, log, { threads: threads(sites(2, { sameTablesSince: 1 })) });
    expect((await shownSites(views)).sites).toHaveLength(30);
    await views.reached(site(log, 'later'));
    expect((await shownSites(views)).sites).toHaveLength(31);
    expect(await status(views, 'topology')).toMatchObject({ version: 1, state: 'rebuilding', isServing: true });
    log.gate = 1n << 60n;
    await until(async () => (await status(views, 'topology'))?.state === 'live');
    expect(await status(views, 'topology')).toMatchObject({ version: 2, progress: null });
    expect(filesOf(folder, 'topology')).toEqual(['views-topology-v2.db']);
    expect((await shownSites(views)).sites).toHaveLength(31);
  });

  it('whose tables differ does not answer before it has all that was there at the start', async () => {
    const { log, folder, views: before } = await withSites(30, {}, open);
    await before.close();

    const following = { isHeld: true };
    log.subscribe = async function* (after, signal) {
      while (following.isHeld && !signal.aborted) await sleep(5);
      yield* GatedLog.prototype.subscribe.call(this, after, signal);
    };
    const views = await running(folder, log, { threads: threads(sites(2)) });
    await expect(shownSites(views)).rejects.toMatchObject({ name: 'ViewNotMade' });
    expect(await status(views, 'topology')).toMatchObject({ version: 2, isServing: false, state: 'rebuilding' });
    const asking = shownSites(views);
    following.isHeld = false;
    expect((await asking).sites).toHaveLength(30);
    await until(() => filesOf(folder, 'topology').length === 1);
    expect(filesOf(folder, 'topology')).toEqual(['views-topology-v2.db']);
  });
});

test('a file that was begun and never filled does not come before the one that serves', async () => {
  const log = new GatedLog();
  const folder = newFolder();
  site(log, 'a');
  const before = await open(folder, log);
  await before.reached(await log.head());
  await before.close();
  const versions = estateProjections.filter(({ name }) => name === 'topology' || name === 'users');
  const [begun, broken] = versions.map(({ name, version }) => join(folder, `views-${name}-v${version}.1.db`));
  writeFileSync(begun ?? '', '');
  writeFileSync(broken ?? '', 'no database at all, '.repeat(300));
  const views = await running(folder, log);
  expect((await shownSites(views)).sites).toEqual(['a']);
  for (const { name, version } of versions) expect(filesOf(folder, name)).toEqual([`views-${name}-v${version}.db`]);
});
