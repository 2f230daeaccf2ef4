import type { Deployment, Finding, Migration, Pool, Projection, Run } from '../../api/types.js';
import { needsAttention } from './needs-attention.js';

const pool = (more: Partial<Pool>): Pool => ({
  pool: 'ocs01.contoso.com',
  generation: 'ocs-2007-r2',
  site: 'Redmond',
  status: 'active',
  users: { homed: 5, enabled: 0, ready: 0 },
  deployments: ['gchat07.contoso.com'],
  openGates: ['users-gone'],
  ...more,
});
const deployment = (more: Partial<Deployment>): Deployment => ({
  deployment: 'gchat07.contoso.com',
  name: null,
  generation: 'ocs-2007-r2',
  homedOn: 'ocs01.contoso.com',
  site: 'Redmond',
  status: 'active',
  users: { homed: 5, enabled: 0, ready: 0 },
  content: { categories: 0, rooms: 0, addIns: 0, excludedRooms: 0 },
  clients: { 'lync-2013': 0, 'group-chat-2010': 0, 'group-chat-2007-r2': 0 },
  legacyEndpoints: [],
  migration: null,
  openGates: [],
  ...more,
});
const run = (more: Partial<Run>): Run => ({
  run: 'r1',
  kind: 'users',
  file: { name: 'users.csv', size: 1, sha256: 'a1' },
  state: 'done',
  total: 8,
  processed: 8,
  counts: { done: 8, unchanged: 0, refused: 0, invalid: 0 },
  startedAt: '2026-11-23T09:00:00.000Z',
  finishedAt: '2026-11-23T09:01:00.000Z',
  ratePerSecond: null,
  etaSecondsMin: null,
  etaSecondsMax: null,
  stuck: null,
  by: { id: 'a', name: 'Anna' },
  ...more,
});
const finding = (subject: string, name = 'content.name-too-long'): Finding => ({
  subject,
  finding: name,
  severity: 'error',
  detail: '',
  count: 1,
  offenders: [],
  resolve: [],
  status: 'open',
  by: null,
  at: null,
  expiresAt: null,
});
const nothing = {
  pools: [],
  deployments: [],
  runs: [],
  migrations: [],
  projections: [],
  errors: [],
  warnings: { items: [], total: 0 },
};
const attention = (facts: Partial<Parameters<typeof needsAttention>[0]>) => needsAttention({ ...nothing, ...facts });
const reasons = (facts: Parameters<typeof attention>[0]) =>
  attention(facts).map(({ reason, count }) => [reason, count]);

test('a pool that is in use and not sealed waits for nobody', () => {
  expect(reasons({ pools: [pool({})] })).toEqual([]);
});

test('a sealed pool with users, one without, an empty open one', () => {
  const empty = { homed: 0, enabled: 0, ready: 0 };
  expect(reasons({ pools: [pool({ status: 'sealed' })] })).toEqual([['sealedWithUsers', 5]]);
  expect(reasons({ pools: [pool({ status: 'sealed', users: empty })] })).toEqual([['gatesLeft', 1]]);
  expect(reasons({ pools: [pool({ users: empty, deployments: [] })] })).toEqual([['openPoolEmpty', 0]]);
  expect(reasons({ pools: [pool({ status: 'decommissioned' })] })).toEqual([]);
});

test('people on Lync 2013 whose policy says no', () => {
  const users = { homed: 10, enabled: 7, ready: 7 };
  expect(reasons({ pools: [pool({ generation: 'lync-2013', users })] })).toEqual([['policyOff', 3]]);
});

test('Group Chat clients that will find no endpoint', () => {
  const clients = { 'lync-2013': 0, 'group-chat-2010': 2, 'group-chat-2007-r2': 1 };
  const legacy = deployment({ clients });
  const target = deployment({ deployment: 'chat13.contoso.com', generation: 'lync-2013' });
  expect(reasons({ deployments: [legacy, target] })).toEqual([['noEndpoint', 3]]);
  expect(reasons({ deployments: [legacy, { ...target, legacyEndpoints: ['sip:ocschat@contoso.com'] }] })).toEqual([]);
});

test('a sealed deployment with clients and gates', () => {
  const clients = { 'lync-2013': 0, 'group-chat-2010': 0, 'group-chat-2007-r2': 4 };
  expect(reasons({ deployments: [deployment({ status: 'sealed', clients, openGates: ['clients-gone'] })] })).toEqual([
    ['clientsLeft', 4],
    ['gatesLeft', 1],
  ]);
});

test('runs that failed or stand still', () => {
  expect(reasons({ runs: [run({})] })).toEqual([]);
  expect(reasons({ runs: [run({ counts: { done: 1, unchanged: 0, refused: 4, invalid: 3 } })] })).toEqual([
    ['runFailed', 7],
  ]);
  expect(reasons({ runs: [run({ state: 'paused' })] })).toEqual([['runStopped', 1]]);
});

test('a run that makes no progress, whatever else it has', () => {
  const stuck = { since: '2026-11-23T09:00:30.000Z', because: 'the disk is full' };
  expect(attention({ runs: [run({ state: 'running', stuck })] })).toMatchObject([
    { reason: 'runStuck', since: stuck.since, to: '/runs/r1' },
  ]);
});

test('what was found about a thing, as one entry that leads to the list of exactly that', () => {
  const about = 'deployment:gchat07.contoso.com';
  const errors = [finding(about), finding(about, 'other'), finding('migration:m1')];
  expect(attention({ errors })).toMatchObject([
    {
      subject: about,
      reason: 'findingErrors',
      count: 2,
      to: '/findings',
      search: { find: `status:open severity:error subject:${about}` },
    },
    { subject: 'migration:m1', count: 1 },
  ]);
});

test('users with clients that may connect no longer are counted beyond the page that was read', () => {
  const items = [finding('estate', 'topology.three-generations'), finding('user:sip:a@contoso.com')];
  expect(reasons({ warnings: { items, total: 1201 } })).toEqual([
    ['findingWarnings', 1],
    ['clientsNotPermitted', 1200],
  ]);
  expect(reasons({ warnings: { items: items.slice(0, 1), total: 1 } })).toEqual([['findingWarnings', 1]]);
});

test('a migration under way waits for its next step since the last one was taken', () => {
  const step = (name: string, status: 'done' | 'next' | 'blocked', at: string | null = null) => ({
    step: name,
    status,
    at,
    by: null,
    evidence: null,
    missing: [],
  });
  const migration: Migration = {
    migration: 'm1',
    source: 'gchat07.contoso.com',
    target: 'chat13.contoso.com',
    state: 'planned',
    steps: [
      step('source-backup', 'done', '2026-11-23T09:00:00.000Z'),
      step('source-stop', 'next'),
      step('export', 'blocked'),
    ],
    findings: [],
    carriedOver: { categories: 0, rooms: 0, addIns: 0, clashes: 0, clashNames: [] },
    rolledBack: null,
  };
  expect(attention({ migrations: [migration] })).toMatchObject([
    { reason: 'migrationWaits', step: 'source-stop', since: '2026-11-23T09:00:00.000Z', to: '/migrations/m1' },
  ]);
  expect(attention({ migrations: [{ ...migration, state: 'completed' }] })).toEqual([]);
});

test('a view that could not be made stands first', () => {
  const projection: Projection = {
    projection: 'users',
    version: 1,
    position: '7',
    lagEvents: 3,
    lagSeconds: 60,
    state: 'failed',
    progress: null,
    failure: { position: '8', type: 'UserHomed', error: 'the disk is full' },
  };
  const facts = {
    projections: [projection, { ...projection, state: 'live' as const }],
    runs: [run({ state: 'paused' })],
  };
  expect(reasons(facts)).toEqual([
    ['viewFailed', 1],
    ['runStopped', 1],
  ]);
});
