import {
  anyCommand,
  type ContentName,
  type DeploymentId,
  type GenerationId,
  type PoolId,
  type SiteName,
  type Tally,
  write,
} from '#kernel';
import { contentStream } from '#content';
import { type DeploymentEvent, deploymentStream, type PoolEvent, poolStream } from '#topology';
import { type Circumstances, given, type Story } from '../../kernel/src/testing.js';
import { attestGateCommand } from './attest-gate.js';
import { decommissionDeploymentCommand } from './decommission-deployment.js';
import { decommissionPoolCommand } from './decommission-pool.js';
import { gatesStream } from './gate-records.js';
import { deploymentGates, poolGates } from './gates.js';
import { decommission } from './index.js';
import { waiveGateCommand } from './waive-gate.js';

const pool = 'ocs01.contoso.com' as PoolId;
const deployment = 'gchat07.contoso.com' as DeploymentId;
const none: Tally = { count: 0, offenders: [] };

function counting(counts: { users?: Tally; deployments?: Tally; clients?: Tally } = {}): Circumstances {
  const { users = none, deployments = none, clients = none } = counts;
  return {
    counting: {
      usersHomed: () => Promise.resolve(users),
      deploymentsHomed: () => Promise.resolve(deployments),
      clientsConnected: () => Promise.resolve(clients),
    },
  };
}

const onPool = (...events: PoolEvent[]) => write(poolStream(pool), ...events);
const onDeployment = (...events: DeploymentEvent[]) => write(deploymentStream(deployment), ...events);

function registered(generation: GenerationId = 'ocs-2007-r2'): Story {
  return given(
    onPool({ type: 'PoolRegistered', data: { pool, generation, site: 'Redmond' as SiteName } }),
    onDeployment({ type: 'DeploymentRegistered', data: { deployment, generation, homedOn: pool } }),
  ).where(counting());
}

/** Sealed, and every attested gate attested. */
async function ready(): Promise<Story> {
  const story = registered();
  story.record(onPool({ type: 'PoolSealed', data: { pool } }));
  story.record(onDeployment({ type: 'DeploymentSealed', data: { deployment } }));
  for (const { name, kind } of poolGates)
    if (kind === 'attested')
      await story.after([anyCommand(attestGateCommand), { subject: `pool:${pool}`, gate: name, evidence: 'seen' }]);
  for (const { name, kind } of deploymentGates)
    if (kind === 'attested')
      await story.after([
        anyCommand(attestGateCommand),
        { subject: `deployment:${deployment}`, gate: name, evidence: 'seen' },
      ]);
  return story;
}

describe('DecommissionPool', () => {
  const decommissionIt = (story: Story) => story.when(decommissionPoolCommand, { pool });

  test('empty, sealed and with every gate met: done with the gate snapshot, then unchanged', async () => {
    const story = await ready();
    const { outcome, events } = await decommissionIt(story);
    expect(outcome).toBe('done');
    const kept = poolGates.map(({ name: gate, kind }) => ({
      gate,
      kind,
      status: 'met',
      evidence: kind === 'attested' ? 'seen' : null,
      expiresAt: null,
    }));
    expect(events).toEqual([{ type: 'PoolDecommissioned', data: { pool, gates: kept } }]);
    expect((await decommissionIt(story)).outcome).toBe('unchanged');
  });

  test('unknown and not legacy are told alone, and nobody is counted', async () => {
    expect((await decommissionIt(given())).rules).toEqual(['topology.unknown-pool']);
    const modern = registered('lync-2013').where({ counting: {} });
    expect((await decommissionIt(modern)).rules).toEqual(['decommission.not-legacy']);
  });

  test('all rules that apply are told together, with every open gate', async () => {
    const users = { count: 3, offenders: ['user:sip:a@contoso.com'] };
    const deployments = { count: 1, offenders: [`deployment:${deployment}`] };
    const { refusals } = await decommissionIt(registered().where(counting({ users, deployments })));
    expect(refusals).toMatchObject([
      { rule: 'decommission.not-sealed' },
      { rule: 'decommission.users-homed', count: 3 },
      { rule: 'decommission.deployments-homed', deployments: [deployment] },
      { rule: 'decommission.gates-open', gates: poolGates.map(({ name }) => name) },
    ]);
  });

  test('what stands in the way of each open gate is named, the first of many', async () => {
    const offenders = Array.from({ length: 12 }, (_, n) => `user:sip:u${n}@contoso.com`);
    const { refusals } = await decommissionIt((await ready()).where(counting({ users: { count: 40, offenders } })));
    expect(refusals.at(-1)).toMatchObject({
      detail: `gates of ${pool} are open: users-gone (40: ${offenders.slice(0, 3).join(', ')}, …)`,
      open: [{ gate: 'users-gone', count: 40, offenders: offenders.slice(0, 10) }],
    });
    const { refusals: all } = await decommissionIt(registered());
    expect(all.at(-1)).toMatchObject({
      detail: expect.stringMatching(/ sealed, contact-objects-moved, /),
      open: expect.arrayContaining([
        { gate: 'sealed', count: 1, offenders: [`pool:${pool}`] },
        { gate: 'dns-records-updated', count: 0, offenders: [] },
      ]),
    });
  });

  test.each([
    ['users', { users: { count: 1, offenders: [] } }, 'decommission.users-homed', 'users-gone'],
    [
      'deployments',
      { deployments: { count: 1, offenders: ['deployment:a.b'] } },
      'decommission.deployments-homed',
      'deployments-gone',
    ],
  ])('%s homed on it: the rule and the gate', async (_, counts, rule, gate) => {
    const { refusals } = await decommissionIt((await ready()).where(counting(counts)));
    expect(refusals).toMatchObject([{ rule }, { rule: 'decommission.gates-open', gates: [gate] }]);
  });

  test('a waived gate is not open until its waiver lapses', async () => {
    const story = await ready();
    const expiresAt = '2013-06-01T00:00:00Z';
    const waiver = { subject: `pool:${pool}`, gate: 'dns-records-updated', reason: 'no DNS', expiresAt };
    const fresh = registered();
    await fresh.after([anyCommand(waiveGateCommand), waiver]);
    expect((await decommissionIt(fresh)).refusals.at(-1)?.['gates']).not.toContain('dns-records-updated');
    fresh.where({ now: '2013-06-01T00:00:00.000Z' });
    expect((await decommissionIt(fresh)).refusals.at(-1)?.['gates']).toContain('dns-records-updated');
    await story.after([anyCommand(waiveGateCommand), waiver]);
    const { events } = await decommissionIt(story);
    expect(events[0]?.data).toMatchObject({
      gates: expect.arrayContaining([
        expect.objectContaining({ gate: waiver.gate, status: 'waived', expiresAt: '2013-06-01T00:00:00.000Z' }),
      ]),
    });
  });

  test('rests on the pool and its gates', async () => {
    const { rested } = await (await ready()).ask(decommissionPoolCommand, { pool });
    expect(rested).toEqual([`gates-pool:${pool}`, `pool-${pool}`]);
  });
});

describe('DecommissionDeployment', () => {
  const decommissionIt = (story: Story) => story.when(decommissionDeploymentCommand, { deployment });
  const addRoom = (story: Story) => {
    const [category, room] = ['Trading' as ContentName, 'FX desk' as ContentName];
    const allowed = { invitations: true, fileUpload: true, chatHistory: true };
    story.record(
      write(
        contentStream(deployment),
        { type: 'CategoryAdded', data: { deployment, category, parent: null, ...allowed } },
        { type: 'RoomAdded', data: { deployment, room, category, type: 'normal', privacy: 'open', addIn: null } },
      ),
    );
  };

  test('closes the door first, then is done with the gate snapshot, then unchanged', async () => {
    const story = await ready();
    const asked = await story.ask(decommissionDeploymentCommand, { deployment });
    expect(asked).toMatchObject({ outcome: 'prepared', events: [{ type: 'DeploymentClosingBegun' }] });
    const { outcome, events } = await decommissionIt(story);
    expect(outcome).toBe('done');
    expect(events).toMatchObject([{ type: 'DeploymentDecommissioned', data: { deployment } }]);
    expect(events[0]?.data).toHaveProperty('gates.length', deploymentGates.length);
    expect((await decommissionIt(story)).outcome).toBe('unchanged');
  });

  test('a question closes no door', async () => {
    const story = (await ready()).where({ planning: true });
    const { outcome, events } = await story.ask(decommissionDeploymentCommand, { deployment });
    expect([outcome, events.map(({ type }) => type)]).toEqual(['done', ['DeploymentDecommissioned']]);
  });

  test('somebody connected before the door was closed: refused, and the door opens again', async () => {
    const story = await ready();
    const client: Tally = { count: 1, offenders: ['user:sip:a@contoso.com'] };
    const answers = [none, client];
    story.where({
      counting: { clientsConnected: () => Promise.resolve(answers.shift() ?? client) },
    });
    const { refusals, events } = await decommissionIt(story);
    expect(refusals).toMatchObject([{ rule: 'decommission.gates-open', gates: ['clients-gone'] }]);
    expect(events).toEqual([{ type: 'DeploymentClosingWithdrawn', data: { deployment } }]);
    expect(story.state(deploymentStream(deployment))?.closing).toBe(false);
  });

  test('unknown and not legacy are told alone, and nobody is counted', async () => {
    expect((await decommissionIt(given())).rules).toEqual(['topology.unknown-deployment']);
    const modern = registered('lync-2013').where({ counting: {} });
    expect((await decommissionIt(modern)).rules).toEqual(['decommission.not-legacy']);
  });

  test('all rules that apply are told together, with every open gate, and no door is closed', async () => {
    const story = registered().where(counting({ clients: { count: 2, offenders: [] } }));
    addRoom(story);
    const { refusals, events } = await decommissionIt(story);
    expect(refusals).toMatchObject([
      { rule: 'decommission.not-sealed' },
      { rule: 'decommission.gates-open', gates: deploymentGates.map(({ name }) => name) },
    ]);
    expect(events).toEqual([]);
  });

  test('content without a completed migration keeps migrated open, also when every room is excluded', async () => {
    const story = await ready();
    addRoom(story);
    const open = async () => (await decommissionIt(story)).refusals.map(({ gates }) => gates);
    expect(await open()).toEqual([['migrated', 'rooms-accounted']]);
    const room = 'FX desk' as ContentName;
    story.record(
      write(contentStream(deployment), { type: 'RoomExcluded', data: { deployment, room, reason: 'silent' } }),
    );
    expect(await open()).toEqual([['migrated']]);
  });

  test('rests on the deployment, its content and its gates', async () => {
    const { rested } = await (await ready()).ask(decommissionDeploymentCommand, { deployment });
    expect(rested).toEqual([
      `content-${deployment}`,
      `deployment-${deployment}`,
      `gates-deployment:${deployment}`,
      `migrating-${deployment}`,
    ]);
  });
});

describe('AttestGate and WaiveGate', () => {
  const subject = `deployment:${deployment}`;
  const attest = (story: Story, fields: object) =>
    story.when(attestGateCommand, { subject, gate: 'backup-kept', evidence: 'tape 7', ...fields });
  const waive = (story: Story, fields: object = {}) =>
    story.when(waiveGateCommand, { subject, gate: 'backup-kept', reason: 'nothing to keep', ...fields });

  test('attested: done, the same again unchanged, with other evidence done', async () => {
    const story = registered();
    expect((await attest(story, {})).events).toEqual([
      { type: 'GateAttested', data: { subject, gate: 'backup-kept', evidence: 'tape 7' } },
    ]);
    expect((await attest(story, { subject: subject.toUpperCase().replace('DEPLOYMENT', 'deployment') })).outcome).toBe(
      'unchanged',
    );
    expect((await attest(story, { evidence: 'tape 8' })).outcome).toBe('done');
  });

  test('waived: done, the same again unchanged, with another reason or expiry done', async () => {
    const story = registered();
    expect((await waive(story)).events).toEqual([
      { type: 'GateWaived', data: { subject, gate: 'backup-kept', reason: 'nothing to keep', expiresAt: null } },
    ]);
    expect((await waive(story)).outcome).toBe('unchanged');
    expect((await waive(story, { expiresAt: '2013-06-01T00:00:00Z' })).outcome).toBe('done');
    expect((await waive(story, { expiresAt: '2013-06-01T02:00:00+02:00' })).outcome).toBe('unchanged');
    expect((await waive(story, { reason: 'another', expiresAt: '2013-06-01T00:00:00Z' })).outcome).toBe('done');
    expect((await attest(story, {})).outcome).toBe('done');
    expect((await waive(story, { reason: 'another', expiresAt: '2013-06-01T00:00:00Z' })).outcome).toBe('done');
  });

  test('an unknown subject is told alone', async () => {
    const fields = { subject: 'pool:nowhere.contoso.com', gate: 'nonsense' };
    expect((await attest(given(), fields)).rules).toEqual(['topology.unknown-pool']);
    expect((await waive(given(), fields)).rules).toEqual(['topology.unknown-pool']);
    expect((await attest(given(), {})).rules).toEqual(['topology.unknown-deployment']);
    expect((await waive(given(), {})).rules).toEqual(['topology.unknown-deployment']);
  });

  test.each([
    { gate: 'nonsense' },
    { gate: 'dns-records-updated' },
    { gate: 'constructor' },
    { subject: `pool:${pool}` },
    { subject: 'user:sip:a@contoso.com' },
    { subject: 'estate' },
  ])('%j: gate.unknown', async (fields) => {
    expect((await attest(registered(), fields)).rules).toEqual(['gate.unknown']);
    expect((await waive(registered(), fields)).rules).toEqual(['gate.unknown']);
  });

  test('a 2013 pool or deployment has no gates: gate.unknown', async () => {
    expect((await attest(registered('lync-2013'), {})).rules).toEqual(['gate.unknown']);
    const fields = { subject: `pool:${pool}`, gate: 'dns-records-updated' };
    expect((await waive(registered('lync-2013'), fields)).rules).toEqual(['gate.unknown']);
  });

  test('a computed gate is neither attested nor waived', async () => {
    expect((await attest(registered(), { gate: 'migrated' })).rules).toEqual(['gate.computed']);
    expect((await waive(registered(), { gate: 'migrated' })).rules).toEqual(['gate.not-waivable']);
  });

  test('what is waived on one subject says nothing of another', async () => {
    const story = registered();
    await waive(story);
    expect(story.state(gatesStream(`pool:${pool}`)).size).toBe(0);
  });
});

test('who may: the approver, and the operator to attest', () => {
  expect(decommission.commands.map(({ name, role }) => `${name} ${role}`)).toEqual([
    'AttestGate operator',
    'WaiveGate approver',
    'DecommissionDeployment approver',
    'DecommissionPool approver',
  ]);
});
