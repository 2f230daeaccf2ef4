import type { Deployment, Pool, Run } from '../../api/types.js';
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
const reasons = (facts: { pools?: Pool[]; deployments?: Deployment[]; runs?: Run[] }) =>
  needsAttention({ pools: [], deployments: [], runs: [], ...facts }).map(({ reason, count }) => [reason, count]);

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
