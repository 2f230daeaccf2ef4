import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ListAnswer, Slices, Views } from '#views';
import { changesOf } from '../timeline/changes-of.js';
import { catalogue } from '../testing/catalogue.js';
import { MemoryLog } from '../testing/memory-log.js';
import { newFolder, open, removeFolders } from '../testing/opened.js';
import { type DiffItem, diffView } from './diff-view.js';

type Diff = Omit<ListAnswer, 'items'> & {
  readonly from: string;
  readonly to: string;
  readonly items: readonly DiffItem[];
};

let log: MemoryLog;
let views: Views;
let folder: string;
beforeEach(async () => {
  log = new MemoryLog();
  folder = newFolder();
  views = await open(folder, log, { now: () => log.clock });
});
afterEach(async () => {
  await views.close();
  removeFolders();
});

const parsed = (name: 'from' | 'to', text: string) => diffView.parameters[name]!.parse(text);

async function diff(from: string, to?: string, paging: { limit?: number; cursor?: string | undefined } = {}) {
  await views.reached(await log.head());
  const input: Record<string, unknown> = { from: valueOf('from', from) };
  if (to !== undefined) input['to'] = valueOf('to', to);
  const { body, position } = await views.query('/api/diff', { input, ...paging });
  return { ...(body as Diff), position };
}

function valueOf(name: 'from' | 'to', text: string): unknown {
  const answer = parsed(name, text);
  if (answer.problem !== undefined) throw new Error(answer.problem);
  return answer.value;
}

const at = (position: bigint): string => `@${position}`;

describe('/api/diff', () => {
  it('tells a token without anything of its secret, and its end', async () => {
    const data = { token: 'ab12', name: 'Olga', roles: ['operator'], expiresAt: null, secretHash: 'c0ffee' };
    const issued = log.record('TokenIssued', data);
    log.clock += 1000;
    log.record('TokenRevoked', { token: 'ab12' });
    const { items } = await diff('@0', at(issued));
    expect(items).toMatchObject([{ subject: 'token:ab12', change: 'added' }]);
    expect(JSON.stringify(items)).not.toContain('c0ffee');
    const revokedAt = new Date(log.clock).toISOString();
    expect((await diff(at(issued))).items).toEqual([
      { subject: 'token:ab12', change: 'changed', fields: [{ field: 'revokedAt', before: null, after: revokedAt }] },
    ]);
  });

  it('is empty where a fact changed and changed back, and where nothing was recorded', async () => {
    log.record('SiteRegistered', { site: 'Redmond' });
    const registered = log.record('PoolRegistered', {
      pool: 'p.contoso.com',
      generation: 'lync-2013',
      site: 'Redmond',
    });
    log.record('PoolSealed', { pool: 'p.contoso.com' });
    const unsealed = log.record('PoolUnsealed', { pool: 'p.contoso.com' });
    expect(await diff(at(registered))).toMatchObject({ items: [], next: null, total: 0 });
    expect(await diff(at(unsealed), at(unsealed))).toMatchObject({
      from: `${unsealed}`,
      to: `${unsealed}`,
      items: [],
      position: unsealed,
    });
  });

  it('says removed with what was, and named as it was written', async () => {
    log.record('PolicyCreated', { policy: 'tag:Traders', enabled: true });
    const created = log.record('SiteRegistered', { site: 'Redmond' });
    log.record('PolicyRemoved', { policy: 'tag:traders' });
    expect((await diff(at(created))).items).toEqual([
      { subject: 'policy:tag:Traders', change: 'removed', fields: [{ field: 'enabled', before: true, after: null }] },
    ]);
  });

  it('pages through the same comparison while the log grows', async () => {
    for (let n = 0; n < 7; n++) log.record('SiteRegistered', { site: `Site ${n}` });
    const first = await diff('@0', undefined, { limit: 3 });
    expect(first).toMatchObject({ total: 7 });
    for (let n = 0; n < 3; n++) log.record('SiteRegistered', { site: `A site that came later ${n}` });
    const second = await diff('@0', undefined, { limit: 3, cursor: first.next! });
    const third = await diff('@0', undefined, { limit: 3, cursor: second.next! });
    expect({ to: second.to, total: second.total, last: third.next }).toEqual({ to: first.to, total: 7, last: null });
    const shown = [first, second, third].flatMap(({ items }) => items.map(({ subject }) => subject));
    expect(shown).toEqual(Array.from({ length: 7 }, (_, n) => `site:Site ${n}`));
    // Another comparison in between makes no difference.
    await diff('@0');
    expect((await diff('@0', undefined, { limit: 3, cursor: first.next! })).items).toEqual(second.items);
  });

  it('lets other reads be answered while it compares much', async () => {
    for (let n = 0; n < 3000; n++) log.record('SiteRegistered', { site: `Site ${n}` });
    await views.reached(await log.head());
    const answered: string[] = [];
    const big = diff('@0').then(({ total }) => answered.push(`diff of ${total}`));
    const small = Array.from({ length: 5 }, async (_, n) => {
      await views.query('/api/sites', { input: {}, limit: 1 });
      answered.push(`sites ${n}`);
    });
    await Promise.all([big, ...small]);
    expect(answered).toEqual(['sites 0', 'sites 1', 'sites 2', 'sites 3', 'sites 4', 'diff of 3000']);
  });

  it('remembers what it has compared: its pages, also those of several in turn, compare nothing again', async () => {
    for (let n = 0; n < 1000; n++) log.record('SiteRegistered', { site: `Site ${n}` });
    await views.reached(await log.head());
    const db = new Database(':memory:');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.db')))
      db.prepare(`attach ? as "${/^views-(\w+)-/.exec(file)?.[1]}"`).run(join(folder, file));
    const head = Number(await log.head());
    const ask = (from: number, at: number, cursor?: string) => {
      const query = { input: { from: { position: BigInt(from) } }, at, instant: '', limit: 2, cursor, roles: [] };
      const slices = diffView.run(db, query) as Slices;
      for (let count = 0; ; count++) {
        const { done, value } = slices.next();
        if (done) return { slices: count, ...(value as Diff) };
      }
    };
    const ranges = [0, 3, 6].map((from) => [from, head] as const);
    const first = ranges.map(([from, to]) => ask(from, to));
    expect(first.map(({ slices }) => slices > 2)).toEqual([true, true, true]);
    const second = ranges.map(([from, to], n) => ask(from, to, first[n]?.next ?? ''));
    expect(second.map(({ slices, total }) => [slices, total])).toEqual([
      [0, 1000],
      [0, 999],
      [0, 998],
    ]);
    // More of them than are kept: the first ones are forgotten, and found again.
    for (let n = 0; n < 8; n++) ask(9 + 3 * n, head);
    expect(ask(0, head, first[0]?.next ?? '').slices).toBeGreaterThan(2);
    expect(ask(0, head, first[0]?.next ?? '')).toEqual(second[0]);
    // A later first page is of another range.
    log.record('SiteRegistered', { site: 'Site 1000' });
    await views.reached(await log.head());
    expect(ask(0, Number(await log.head())).total).toBe(1001);
    db.close();
  });

  it('refuses a cursor of another comparison', async () => {
    const one = log.record('SiteRegistered', { site: 'Redmond' });
    const two = log.record('SiteRegistered', { site: 'Oslo' });
    const { next } = await diff('@0', at(two), { limit: 1 });
    await expect(diff(at(one), at(two), { cursor: next! })).rejects.toThrow(/another comparison/);
    await expect(diff('@0', at(one), { cursor: next! })).rejects.toThrow(/another comparison/);
    await expect(diff('@0', at(two), { cursor: 'nonsense' })).rejects.toMatchObject({ name: 'BadCursor' });
  });

  it('refuses from after to, moments that have not come, and to beside asOf', async () => {
    const one = log.record('SiteRegistered', { site: 'Redmond' });
    const early = new Date(log.clock).toISOString();
    const late = new Date(log.clock + 1000).toISOString();
    log.clock += 60_000;
    const two = log.record('SiteRegistered', { site: 'Oslo' });
    await expect(diff(at(two), at(one))).rejects.toMatchObject({ name: 'WrongMoment' });
    // Nothing was recorded between them, and yet the one is after the other.
    await expect(diff(late, early)).rejects.toMatchObject({ name: 'WrongMoment' });
    await expect(diff(at(two), early)).rejects.toMatchObject({ name: 'WrongMoment' });
    await expect(diff(at(two + 1n))).rejects.toMatchObject({ name: 'FutureMoment', field: 'from' });
    await expect(diff('@0', '2199-01-01T00:00:00Z')).rejects.toMatchObject({ name: 'FutureMoment', field: 'to' });
    await expect(diff('2199-01-01T00:00:00Z', at(two))).rejects.toMatchObject({ name: 'FutureMoment', field: 'from' });
    const input = { from: valueOf('from', '@0'), to: valueOf('to', at(one)) };
    await expect(views.query('/api/diff', { input, asOf: { position: two } })).rejects.toMatchObject({ field: 'to' });
  });

  it('answers as of a moment for that moment', async () => {
    const one = log.record('SiteRegistered', { site: 'Redmond' });
    log.record('SiteRegistered', { site: 'Oslo' });
    await views.reached(await log.head());
    const { body } = await views.query('/api/diff', { input: { from: { position: 0n } }, asOf: { position: one } });
    expect((body as Diff).items.map(({ subject }) => subject)).toEqual(['site:Redmond']);
  });

  it.each(['', '7', '@', '@-1', '@1e3', '@9999999999999999999', 'yesterday', '2013-05-03T12:00:00'])(
    'takes %j for no moment',
    (text) => {
      expect(parsed('from', text).problem).toMatch(/must be @<position>/);
    },
  );
});

test('every fact that is recorded is told to the diff: a new type of event needs its line in changes-of.ts', () => {
  // What was asked for in vain, and bookkeeping.
  const noFacts = ['CommandRefused', 'CommandDenied', 'SignInRefused'];
  const facts = Object.entries(catalogue).filter(([type, { internal }]) => !internal && !noFacts.includes(type));
  expect(facts.length).toBeGreaterThan(30);
  expect(facts.filter(([type]) => changesOf(type, { displayName: 'Vera' }).length === 0).map(([type]) => type)).toEqual(
    [],
  );
});
