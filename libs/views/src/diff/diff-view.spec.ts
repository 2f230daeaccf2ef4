import type { ListAnswer, Views } from '#views';
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
beforeEach(async () => {
  log = new MemoryLog();
  views = await open(newFolder(), log, { now: () => log.clock });
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
