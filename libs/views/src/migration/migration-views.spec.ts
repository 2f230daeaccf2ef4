import { subject } from '#kernel';
import { MemoryLog } from '../testing/memory-log.js';
import { newFolder, openedForTests } from '../testing/opened.js';
import type { ListAnswer } from '../view.js';

const open = openedForTests();
const [source, target, migration] = ['chat07.contoso.com', 'chat13.contoso.com', 'chat'];

/** An estate in which a run of `source` into `target` is planned. */
function planned(): MemoryLog {
  const log = new MemoryLog();
  log.record('SiteRegistered', { site: 'Redmond' });
  for (const [pool, generation, deployment] of [
    ['ocs01.contoso.com', 'ocs-2007-r2', source],
    ['pool13.contoso.com', 'lync-2013', target],
  ]) {
    log.record('PoolRegistered', { pool, generation, site: 'Redmond' });
    log.record('DeploymentRegistered', { deployment, generation, homedOn: pool });
  }
  log.record('MigrationPlanned', { migration, source, target });
  return log;
}

const flags = { invitations: true, fileUpload: true, chatHistory: true };
const properties = { type: 'normal', privacy: 'open', addIn: null };
const none = { categories: [], rooms: [], addIns: [] };
const room = (name: string) => ({ room: name, category: 'General', ...properties });
const counted = (categories: number, rooms: number) => ({ categories, rooms, addIns: 0 });

test('batch by batch: what was put, what it overwrote, and what a rollback puts back', async () => {
  const log = planned();
  log.record('CategoryAdded', { deployment: source, category: 'General', parent: null, ...flags });
  for (const name of ['Alpha', 'Beta']) log.record('RoomAdded', { deployment: source, ...room(name) });
  log.record('CategoryAdded', { deployment: target, category: 'general', parent: null, ...flags, invitations: false });
  log.record('RoomAdded', { deployment: target, ...room('ALPHA'), privacy: 'secret' });
  const before = log.record('RoomExcluded', { deployment: target, room: 'ALPHA', reason: 'old' });
  log.record('DataImported', { migration, ...counted(1, 2) });
  const of = { deployment: target, source, migration };
  const old = {
    category: { category: 'general', ...flags, invitations: false, carriedOverFrom: null },
    room: {
      room: 'ALPHA',
      category: 'general',
      ...properties,
      privacy: 'secret',
      excluded: true,
      carriedOverFrom: null,
    },
  };
  const imported = await log.head();
  const first = log.record('ContentCarriedOver', {
    ...of,
    ...none,
    ...{ batch: 1, carried: counted(1, 1), remaining: 1, leftOut: [] },
    categories: [{ category: 'General', ...flags, from: 'General' }],
    rooms: [{ ...room('Alpha'), from: 'Alpha' }],
    overwritten: { categories: [old.category], rooms: [old.room], addIns: [] },
  });
  const second = log.record('ContentCarriedOver', {
    ...of,
    ...none,
    ...{ batch: 2, carried: counted(1, 2), remaining: 0, leftOut: [], overwritten: none },
    rooms: [{ ...room('Beta'), from: 'Beta' }],
  });
  log.record('MigrationRolledBack', { migration, reason: 'the pilot is over' });
  const halfBack = log.record('CarriedContentTakenBack', {
    ...of,
    ...{ batch: 3, carried: counted(1, 1), remaining: 2, restored: none, kept: { categories: [], addIns: [] } },
    removed: { ...none, rooms: ['Beta'] },
  });
  const back = log.record('CarriedContentTakenBack', {
    ...of,
    ...{ batch: 4, carried: counted(0, 0), remaining: 0, removed: none, kept: { categories: [], addIns: [] } },
    restored: { categories: [old.category], rooms: [old.room], addIns: [] },
  });
  const views = await open(newFolder(), log);
  await views.reached(await log.head());

  const at = async (position: bigint) => {
    const input = { deployment: target };
    const asked = { asOf: { position } };
    const rooms = (await views.query('/api/rooms', { input, ...asked })).body as ListAnswer;
    const shown = rooms.items as { room: string; excluded: boolean; carriedOverFrom: { name: string } | null }[];
    const { body: deployment } = await views.query('/api/deployments/:deployment', { input, ...asked });
    const { body: run } = await views.query('/api/migrations/:migration', { input: { migration }, ...asked });
    const { body: gates } = await views.query('/api/gates/:subject', {
      input: { subject: subject.deployment(source) },
      ...asked,
    });
    return {
      rooms: shown.map((each) => [each.room, each.excluded, each.carriedOverFrom?.name ?? null]),
      content: (deployment as { content: object }).content,
      carriedOver: (run as { carriedOver: object }).carriedOver,
      unaccounted: (gates as { gates: { gate: string; offenders: string[] }[] }).gates.find(
        ({ gate }) => gate === 'rooms-accounted',
      )?.offenders,
    };
  };
  const held = (rooms: number, excludedRooms: number) => ({ categories: 1, rooms, addIns: 0, excludedRooms });
  const nothing = { ...counted(0, 0), clashes: 0, clashNames: [], pending: false };
  const clashed = { clashes: 2, clashNames: ['general', 'ALPHA'] };
  const both = ['Alpha', 'Beta'].map((name) => subject.room(source, name));
  const untouched = { rooms: [['ALPHA', true, null]], content: held(1, 1), carriedOver: nothing, unaccounted: both };
  expect(await at(before)).toEqual(untouched);
  expect(await at(imported)).toEqual({ ...untouched, carriedOver: { ...nothing, pending: true } });
  expect(await at(first)).toEqual({
    rooms: [['Alpha', false, 'Alpha']],
    content: held(1, 0),
    carriedOver: { ...counted(1, 1), ...clashed, pending: true },
    unaccounted: [subject.room(source, 'Beta')],
  });
  expect(await at(second)).toEqual({
    rooms: [
      ['Alpha', false, 'Alpha'],
      ['Beta', false, 'Beta'],
    ],
    content: held(2, 0),
    carriedOver: { ...counted(1, 2), ...clashed, pending: false },
    unaccounted: [],
  });
  expect(await at(halfBack)).toEqual({
    rooms: [['Alpha', false, 'Alpha']],
    content: held(1, 0),
    carriedOver: { ...counted(1, 1), ...clashed, pending: false },
    unaccounted: both,
  });
  expect(await at(back)).toEqual(untouched);
  const { body } = await views.query('/api/migrations/:migration', { input: { migration } });
  expect(body).toMatchObject({
    state: 'rolled-back',
    rolledBack: { by: { id: 'token-1', name: 'Olga' }, reason: 'the pilot is over' },
  });
  const asked = { input: { migration }, asOf: { position: second } };
  expect((await views.query('/api/migrations/:migration', asked)).body).toMatchObject({ rolledBack: null });
});

test('counts are compared once everything is carried over', async () => {
  const log = planned();
  log.record('CategoryAdded', { deployment: source, category: 'General', parent: null, ...flags });
  for (const name of ['Alpha', 'Beta']) log.record('RoomAdded', { deployment: source, ...room(name) });
  const imported = log.record('DataImported', { migration, ...counted(1, 3) });
  const of = { deployment: target, source, migration, ...none, leftOut: [], overwritten: none };
  const first = log.record('ContentCarriedOver', { ...of, batch: 1, carried: counted(1, 1), remaining: 1 });
  const second = log.record('ContentCarriedOver', { ...of, batch: 2, carried: counted(1, 2), remaining: 0 });
  const views = await open(newFolder(), log);
  await views.reached(await log.head());
  const differing = async (position: bigint) => {
    const asked = { input: { subject: subject.migration(migration), severity: 'error' }, asOf: { position } };
    return ((await views.query('/api/findings', asked)).body as ListAnswer).items.length;
  };
  expect([await differing(imported), await differing(first), await differing(second)]).toEqual([0, 0, 1]);
});

test('findings on more users than are sorted come in the order of addresses, page by page', async () => {
  const log = planned();
  const users = Array.from({ length: 5_003 }, (_, n) => `sip:u${String(n).padStart(4, '0')}@contoso.com`);
  log.record('PolicyEnabled', { policy: 'global' });
  // In another order than that of addresses.
  for (const user of users.toReversed()) {
    log.record('UserEnrolled', { user });
    log.record('UserHomed', { user, from: null, to: 'pool13.contoso.com' });
    log.record('ClientConnected', { user, client: 'lync-2013', deployment: target });
  }
  log.record('PolicyDisabled', { policy: 'global' });
  log.record('FindingWaived', {
    subject: subject.user(users[501]!),
    finding: 'clients.not-permitted',
    reason: 'the director',
    expiresAt: null,
  });
  const views = await open(newFolder(), log);
  await views.reached(await log.head());
  const told: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 20; page++) {
    const { body } = await views.query('/api/findings', {
      input: { status: 'open', severity: 'warning' },
      limit: 500,
      cursor,
    });
    const { items, next, total } = body as ListAnswer;
    told.push(...(items as readonly { readonly subject: string }[]).map((item) => item.subject));
    // Beside the users the four that come with the plan.
    expect(total).toBe(users.length - 1 + 4);
    if (next === null) break;
    cursor = next;
  }
  const others = users.filter((_, n) => n !== 501).map((user) => subject.user(user));
  expect(told).toEqual([...Array.from({ length: 4 }, () => subject.migration(migration)), ...others]);
  const waived = (await views.query('/api/findings', { input: { status: 'waived' } })).body as ListAnswer;
  expect(waived.items).toMatchObject([
    { subject: subject.user(users[501]!), count: 1, offenders: [subject.deployment(target)] },
  ]);
}, 60_000);

test('a rollback takes out what is there still of what was carried over', async () => {
  const log = planned();
  log.record('CategoryAdded', { deployment: source, category: 'General', parent: null, ...flags });
  for (const name of ['Alpha', 'Beta']) log.record('RoomAdded', { deployment: source, ...room(name) });
  log.record('DataImported', { migration, ...counted(1, 2) });
  const carried = log.record('ContentCarriedOver', {
    ...{ deployment: target, source, migration, batch: 1, carried: counted(1, 2), remaining: 0 },
    ...{ leftOut: [], overwritten: none, addIns: [] },
    categories: [{ category: 'General', ...flags, from: 'General' }],
    rooms: ['Alpha', 'Beta'].map((name) => ({ ...room(name), from: name })),
  });
  log.record('RoomRemoved', { deployment: target, room: 'Alpha' });
  const views = await open(newFolder(), log);
  await views.reached(await log.head());
  const shown = async (more: object = {}) =>
    (await views.query('/api/migrations/:migration', { input: { migration }, ...more })).body as {
      rollback: { takesOut: object };
      carriedOver: object;
    };
  expect((await shown()).rollback.takesOut).toEqual(counted(1, 1));
  expect((await shown()).carriedOver).toMatchObject(counted(1, 2));
  expect((await shown({ asOf: { position: carried } })).rollback.takesOut).toEqual(counted(1, 2));
});
