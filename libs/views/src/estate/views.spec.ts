import type { Views } from '#views';
import { MemoryLog } from '../testing/memory-log.js';
import { newFolder, open, removeFolders } from '../testing/opened.js';
import type { ListAnswer } from '../view.js';

let log: MemoryLog;
let views: Views;

const people = ['anna', 'boris', 'carl', 'dora', 'emil', 'femke'].map((name) => `sip:${name}@contoso.com`);

beforeAll(async () => {
  log = new MemoryLog();
  log.record('SiteRegistered', { site: 'Redmond' });
  for (const [pool, generation] of [
    ['ocs01.contoso.com', 'ocs-2007-r2'],
    ['pool13.contoso.com', 'lync-2013'],
  ])
    log.record('PoolRegistered', { pool, generation, site: 'Redmond' });
  const homedOn = { 'chat07.contoso.com': 'ocs01.contoso.com', 'chat13.contoso.com': 'pool13.contoso.com' };
  log.record('DeploymentRegistered', {
    deployment: 'chat07.contoso.com',
    generation: 'ocs-2007-r2',
    homedOn: homedOn['chat07.contoso.com'],
    name: 'Old chat',
  });
  log.record('DeploymentRegistered', {
    deployment: 'chat13.contoso.com',
    generation: 'lync-2013',
    homedOn: homedOn['chat13.contoso.com'],
  });
  log.record('PolicyCreated', { policy: 'tag:Traders', enabled: true });
  for (const [index, user] of people.entries()) {
    log.record('UserEnrolled', { user, displayName: `${['Анна', 'Boris', 'Carl', 'Dora', 'Emil', 'Fëmke'][index]} Ö` });
    if (index < 5)
      log.record('UserHomed', { user, from: null, to: index < 2 ? 'ocs01.contoso.com' : 'pool13.contoso.com' });
  }
  log.record('PolicyGranted', { user: people[2], policy: 'tag:Traders' });
  log.record('ClientConnected', { user: people[2], client: 'lync-2013', deployment: 'chat13.contoso.com' });
  log.record('ClientConnected', { user: people[0], client: 'group-chat-2010', deployment: 'chat07.contoso.com' });
  log.record('UserRetired', { user: people[4] });
  const category = {
    deployment: 'chat07.contoso.com',
    parent: null,
    invitations: true,
    fileUpload: true,
    chatHistory: false,
  };
  log.record('CategoryAdded', { ...category, category: 'Desks' });
  log.record('AddInAdded', { deployment: 'chat07.contoso.com', addIn: 'Ticker', url: 'https://t.contoso.com/' });
  for (const room of ['Alpha', 'beta', 'Гамма'])
    log.record('RoomAdded', {
      deployment: 'chat07.contoso.com',
      room,
      category: 'Desks',
      type: 'normal',
      privacy: 'open',
      addIn: room === 'beta' ? 'Ticker' : null,
    });
  log.record('RoomExcluded', { deployment: 'chat07.contoso.com', room: 'beta', reason: 'old' });
  views = await open(newFolder(), log);
  await views.reached(await log.head());
});
afterAll(async () => {
  await views.close();
  removeFolders();
});

/** As the rim asks: parameters parsed by the view's own parsers. */
async function ask(path: string, input: Record<string, unknown> = {}, more: object = {}): Promise<ListAnswer> {
  return (await views.query(path, { input, ...more })).body as ListAnswer;
}
const names = (answer: ListAnswer): unknown[] => answer.items.map((item) => (item as { user: string }).user);

test.each([
  [{}, [0, 1, 2, 3, 5]],
  [{ pool: 'ocs01.contoso.com' }, [0, 1]],
  [{ site: 'REDMOND' }, [0, 1, 2, 3]],
  [{ generation: 'lync-2013' }, [2, 3]],
  [{ ready: true }, [2]],
  [{ ready: false, generation: 'lync-2013' }, [3]],
  [{ enabled: true }, [2]],
  [{ policy: 'tag:traders' }, [2]],
  [{ policy: 'global' }, [0, 1, 3, 5]],
  [{ client: 'group-chat-2010' }, [0]],
  [{ client: 'group-chat-2010', ready: true }, []],
  [{ retired: true }, [4]],
  [{ retired: false, q: 'ö' }, [0, 1, 2, 3, 5]],
  [{ q: 'анна' }, [0]],
  [{ q: 'fëm' }, [5]],
  [{ q: 'carl@', pool: 'pool13.contoso.com' }, [2]],
  [{ q: 'nobody' }, []],
])('users by %j', async (input, expected) => {
  const answer = await ask('/api/users', input);
  expect(names(answer)).toEqual(expected.map((index) => people[index]));
  expect(answer.total).toBe(expected.length);
});

test('pages of a filtered list make up the whole', async () => {
  const first = await ask('/api/users', { q: 'contoso' }, { limit: 2 });
  const second = await ask('/api/users', { q: 'contoso' }, { limit: 2, cursor: first.next });
  const third = await ask('/api/users', { q: 'contoso' }, { limit: 2, cursor: second.next });
  expect([first, second, third].flatMap(names)).toEqual(names(await ask('/api/users')));
  expect([first.total, second.total, third.total]).toEqual([5, 5, 5]);
  expect(third.next).toBeNull();
});

test.each([
  '',
  'x',
  Buffer.from('["pools","a"]').toString('base64url'),
  Buffer.from('["users",1]').toString('base64url'),
])('a cursor that the list has not given is refused: %s', async (cursor) => {
  await expect(ask('/api/users', {}, { cursor })).rejects.toMatchObject({ name: 'BadCursor' });
});

test('one user, with clients since when; nobody where there is none', async () => {
  const since = new Date(log.clock).toISOString();
  expect((await views.query('/api/users/:user', { input: { user: people[2] } })).body).toEqual({
    user: people[2],
    displayName: 'Carl Ö',
    guid: null,
    pool: 'pool13.contoso.com',
    site: 'Redmond',
    generation: 'lync-2013',
    granted: 'tag:Traders',
    effectivePolicy: { policy: 'tag:Traders', enabled: true },
    ready: true,
    notReady: [],
    clients: [{ client: 'lync-2013', deployment: 'chat13.contoso.com', since }],
    retired: false,
  });
  expect((await views.query('/api/users/:user', { input: { user: 'sip:x@y' } })).body).toBeUndefined();
});

test('access is told for every client and every deployment, with each rule that says no', async () => {
  const { body } = await views.query('/api/users/:user/access', { input: { user: people[0] } });
  const { access } = body as {
    access: { client: string; deployment: string; reachable: boolean; refusals: { rule: string }[] }[];
  };
  expect(
    access.map(({ client, deployment, reachable, refusals }) => [
      client,
      deployment,
      reachable,
      refusals.map(({ rule }) => rule),
    ]),
  ).toEqual([
    [
      'lync-2013',
      'chat07.contoso.com',
      false,
      ['client.other-generation', 'client.not-homed-on-2013', 'client.policy-disabled'],
    ],
    ['lync-2013', 'chat13.contoso.com', false, ['client.not-homed-on-2013', 'client.policy-disabled']],
    ['group-chat-2010', 'chat07.contoso.com', true, []],
    ['group-chat-2010', 'chat13.contoso.com', false, ['client.no-legacy-endpoint']],
    ['group-chat-2007-r2', 'chat07.contoso.com', true, []],
    ['group-chat-2007-r2', 'chat13.contoso.com', false, ['client.no-legacy-endpoint']],
  ]);
});

test('content of a deployment, by category, text and exclusion', async () => {
  const deployment = 'chat07.contoso.com';
  const rooms = async (input: object): Promise<unknown[]> =>
    (await ask('/api/rooms', { deployment, ...input })).items.map((item) => (item as { room: string }).room);
  expect(await rooms({})).toEqual(['Alpha', 'beta', 'Гамма']);
  expect(await rooms({ excluded: false })).toEqual(['Alpha', 'Гамма']);
  expect(await rooms({ category: 'DESKS', q: 'гам' })).toEqual(['Гамма']);
  expect(await rooms({ category: 'none' })).toEqual([]);
  expect((await ask('/api/categories', { deployment })).items).toEqual([
    {
      deployment,
      category: 'Desks',
      parent: null,
      invitations: true,
      fileUpload: true,
      chatHistory: false,
      rooms: 3,
      carriedOverFrom: null,
    },
  ]);
  expect((await ask('/api/add-ins', { deployment })).items).toEqual([
    { deployment, addIn: 'Ticker', url: 'https://t.contoso.com/', rooms: 1, carriedOverFrom: null },
  ]);
  const totals = (path: string, ...inputs: readonly object[]): Promise<number[]> =>
    Promise.all(inputs.map(async (input) => (await ask(path, { deployment, ...input })).items.length));
  const inputs = [{ category: 'desks' }, { category: 'none' }, { excluded: true }, { excluded: false }, { q: 'zz' }];
  expect(await totals('/api/categories', ...inputs)).toEqual([1, 0, 1, 0, 0]);
  expect(await totals('/api/add-ins', ...inputs)).toEqual([1, 0, 1, 0, 0]);
});

test('gates name who stands in the way; only legacy ones have any', async () => {
  const gates = async (subject: string): Promise<unknown> =>
    (await views.query('/api/gates/:subject', { input: { subject } })).body;
  expect(await gates('pool:ocs01.contoso.com')).toMatchObject({
    subject: 'pool:ocs01.contoso.com',
    gates: [
      { gate: 'users-gone', status: 'not-met', count: 2, offenders: [`user:${people[0]}`, `user:${people[1]}`] },
      { gate: 'deployments-gone', status: 'not-met', count: 1, offenders: ['deployment:chat07.contoso.com'] },
      { gate: 'sealed', status: 'not-met', count: 1, offenders: ['pool:ocs01.contoso.com'] },
      { status: 'unknown', evidence: null },
      {},
      {},
      {},
      {},
    ],
  });
  expect(await gates('deployment:chat07.contoso.com')).toMatchObject({
    gates: [
      { gate: 'migrated', status: 'not-met' },
      {
        gate: 'rooms-accounted',
        count: 2,
        offenders: ['room:chat07.contoso.com/Alpha', 'room:chat07.contoso.com/Гамма'],
      },
      { gate: 'clients-gone', count: 1, offenders: [`user:${people[0]}`] },
      {},
      {},
      {},
      {},
    ],
  });
  for (const other of ['pool:pool13.contoso.com', 'pool:none.contoso.com', 'user:sip:a@b', 'estate'])
    expect(await gates(other)).toBeUndefined();
});

test('what commands count is what the views show', async () => {
  const counting = views.counting(() => log.head());
  expect(await counting.policyHolders('tag:TRADERS')).toBe(1);
  expect(await counting.usersHomed('ocs01.contoso.com')).toEqual({
    count: 2,
    offenders: [`user:${people[0]}`, `user:${people[1]}`],
  });
  expect(await counting.deploymentsHomed('ocs01.contoso.com')).toEqual({
    count: 1,
    offenders: ['deployment:chat07.contoso.com'],
  });
  expect(await counting.clientsConnected('chat13.contoso.com')).toEqual({ count: 1, offenders: [`user:${people[2]}`] });
  expect(await counting.contentElsewhere('room', 'ALPHA', 'chat13.contoso.com')).toBe('chat07.contoso.com');
  expect(await counting.contentElsewhere('room', 'alpha', 'chat07.contoso.com')).toBeNull();
  expect(await counting.contentElsewhere('add-in', 'ticker', 'chat13.contoso.com')).toBe('chat07.contoso.com');
});

test('a waived gate is open again when the waiver has lapsed, as of the moment asked about', async () => {
  const folder = newFolder();
  const own = new MemoryLog();
  own.record('PoolRegistered', { pool: 'ocs01.contoso.com', generation: 'ocs-2007-r2', site: 'Redmond' });
  const subject = 'pool:ocs01.contoso.com';
  const expiresAt = new Date(own.clock + 1000).toISOString();
  own.record('GateWaived', { subject, gate: 'dns-records-updated', reason: 'by hand', expiresAt });
  own.clock += 5000;
  const last = own.record('PoolSealed', { pool: 'ocs01.contoso.com' });
  const over = await open(folder, own);
  const open_ = async (asOf?: { position: bigint } | { instant: string }): Promise<boolean> => {
    const { body } = await over.query('/api/pools/:pool', { input: { pool: 'ocs01.contoso.com' }, asOf });
    return (body as { openGates: string[] }).openGates.includes('dns-records-updated');
  };
  await over.reached(last);
  expect(await open_({ position: last - 3n })).toBe(false);
  expect(await open_({ position: last })).toBe(true);
  expect(await open_({ instant: new Date(Date.parse(expiresAt) - 1).toISOString() })).toBe(false);
  expect(await open_({ instant: expiresAt })).toBe(true);
  expect(await open_()).toBe(true);
  await over.close();
});
