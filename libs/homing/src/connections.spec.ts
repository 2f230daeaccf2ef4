import { deploymentStream } from '#topology';
import { given } from '../../kernel/src/testing.js';
import { connectClientCommand } from './connect-client.js';
import { disconnectClientCommand } from './disconnect-client.js';
import {
  alice,
  aliceWith,
  chat13,
  chat13b,
  connected,
  deploymentOf,
  disconnected,
  estate,
  gchat07,
  globalEnabled,
  granted,
  homed,
  ocs01,
  policyOf,
  pool13,
  retired,
} from './estate.testing.js';
import { userStream } from './user.js';

const old = 'old.contoso.com';
const oldOne = deploymentOf(old, 'ocs-2007-r2', ocs01, {
  type: 'DeploymentDecommissioned',
  data: { deployment: old, gates: [] },
});
const lync = (deployment: string) => ({ user: alice, client: 'lync-2013', deployment });
const groupChat = (deployment: string) => ({ user: alice, client: 'group-chat-2010', deployment });

describe('ConnectClient of the Lync 2013 client', () => {
  test('given a ready user, when it connects to a 2013 deployment, then it does, resting on home and policy', async () => {
    const story = given(...estate, globalEnabled, aliceWith(homed(pool13)));
    const told = await story.when(connectClientCommand, lync(chat13));
    expect(told.events).toEqual([connected('lync-2013', chat13)]);
    expect(told.rested).toEqual([
      `deployment-${chat13}`,
      'policy-global',
      'policy-site:redmond',
      `pool-${pool13}`,
      `user-${alice}`,
    ]);
    expect((await story.when(connectClientCommand, lync(chat13))).outcome).toBe('unchanged');
  });

  test('given it is connected elsewhere, then that connection ends in the same append', async () => {
    const story = given(...estate, globalEnabled, aliceWith(homed(pool13), connected('lync-2013', chat13)));
    expect((await story.when(connectClientCommand, lync(chat13b))).events).toEqual([
      disconnected('lync-2013', chat13, 'connected-elsewhere'),
      connected('lync-2013', chat13b),
    ]);
    expect(story.state(userStream(alice))?.clients).toEqual({ 'lync-2013': chat13b });
  });

  test('given the connection stands and the policy has changed since, then unchanged', async () => {
    const story = given(...estate, aliceWith(homed(pool13), connected('lync-2013', chat13)));
    expect((await story.when(connectClientCommand, lync(chat13))).outcome).toBe('unchanged');
  });

  test('given the deployment is sealed, then clients go on using it', async () => {
    const story = given(...estate, globalEnabled, aliceWith(homed(pool13)));
    story.record(deploymentOf(chat13, 'lync-2013', pool13, { type: 'DeploymentSealed', data: { deployment: chat13 } }));
    expect((await story.when(connectClientCommand, lync(chat13))).outcome).toBe('done');
  });

  const home = 'client.not-homed-on-2013';
  const policy = 'client.policy-disabled';
  const generation = 'client.other-generation';
  test.each([
    ['homed on a legacy pool', [globalEnabled, aliceWith(homed(ocs01))], chat13, [home]],
    ['homed nowhere', [globalEnabled, aliceWith()], chat13, [home]],
    ['with a disabled policy', [aliceWith(homed(pool13))], chat13, [policy]],
    [
      'with a disabled site policy',
      [globalEnabled, policyOf('site:Redmond', false), aliceWith(homed(pool13))],
      chat13,
      [policy],
    ],
    [
      'with a disabled grant',
      [globalEnabled, policyOf('tag:Traders', false), aliceWith(homed(pool13), granted('tag:Traders'))],
      chat13,
      [policy],
    ],
    ['not ready for both reasons', [aliceWith(homed(ocs01))], chat13, [home, policy]],
    ['ready, at a legacy deployment', [globalEnabled, aliceWith(homed(pool13))], gchat07, [generation]],
    ['not ready, at a legacy deployment', [aliceWith()], gchat07, [generation, home, policy]],
    [
      'not ready, at an unknown deployment',
      [aliceWith()],
      'x.contoso.com',
      ['topology.unknown-deployment', home, policy],
    ],
    [
      'ready, at a decommissioned deployment',
      [globalEnabled, aliceWith(homed(pool13))],
      old,
      ['topology.deployment-decommissioned', generation],
    ],
    ['unknown', [], chat13, ['homing.unknown-user']],
    ['unknown, at a legacy deployment', [], gchat07, ['homing.unknown-user', generation]],
    ['unknown, at an unknown deployment', [], 'x.contoso.com', ['homing.unknown-user', 'topology.unknown-deployment']],
    ['retired', [aliceWith(retired)], chat13, ['homing.user-retired']],
  ])('given a user %s, then the rules say so', async (_, facts, deployment, rules) => {
    expect((await given(...estate, oldOne, ...facts).when(connectClientCommand, lync(deployment))).rules).toEqual(
      rules,
    );
  });
});

describe('ConnectClient of a Group Chat client', () => {
  test('neither home nor policy gates it', async () => {
    const story = given(...estate, aliceWith());
    const told = await story.when(connectClientCommand, groupChat(gchat07));
    expect(told.events).toEqual([connected('group-chat-2010', gchat07)]);
    expect(told.rested).toEqual([`deployment-${gchat07}`, `user-${alice}`]);
    expect((await story.when(connectClientCommand, groupChat(chat13b))).events).toEqual([
      disconnected('group-chat-2010', gchat07, 'connected-elsewhere'),
      connected('group-chat-2010', chat13b),
    ]);
  });

  test('each of its clients has a connection of its own', async () => {
    const story = given(...estate, aliceWith(connected('group-chat-2010', gchat07)));
    await story.when(connectClientCommand, { user: alice, client: 'group-chat-2007-r2', deployment: chat13b });
    expect(story.state(userStream(alice))?.clients).toEqual({
      'group-chat-2010': gchat07,
      'group-chat-2007-r2': chat13b,
    });
  });

  test.each([
    ['a 2013 deployment without an endpoint', [aliceWith()], chat13, ['client.no-legacy-endpoint']],
    ['an unknown deployment', [aliceWith()], 'x.contoso.com', ['topology.unknown-deployment']],
    ['a decommissioned deployment', [aliceWith()], old, ['topology.deployment-decommissioned']],
    ['an unknown user', [], chat13, ['homing.unknown-user', 'client.no-legacy-endpoint']],
    ['a retired user', [aliceWith(retired)], gchat07, ['homing.user-retired']],
  ])('given %s, then the rules say so', async (_, facts, deployment, rules) => {
    const story = given(...estate, oldOne, ...facts);
    expect((await story.when(connectClientCommand, groupChat(deployment))).rules).toEqual(rules);
  });
});

test('given a deployment is about to be decommissioned, then who connects opens its door again', async () => {
  const begun = { type: 'DeploymentClosingBegun', data: { deployment: gchat07 } };
  const story = given(deploymentOf(gchat07, 'ocs-2007-r2', ocs01, begun), aliceWith());
  expect((await story.when(connectClientCommand, groupChat(gchat07))).events).toEqual([
    connected('group-chat-2010', gchat07),
    { type: 'DeploymentClosingWithdrawn', data: { deployment: gchat07 } },
  ]);
  expect(story.state(deploymentStream(gchat07))).toMatchObject({ closing: false });
});

describe('DisconnectClient', () => {
  const fields = { user: alice, client: 'lync-2013' };

  test('given a connection, when it is ended, then as asked, and the second time unchanged', async () => {
    const story = given(aliceWith(connected('lync-2013', chat13), connected('group-chat-2010', gchat07)));
    expect((await story.when(disconnectClientCommand, fields)).events).toEqual([
      disconnected('lync-2013', chat13, 'asked'),
    ]);
    expect((await story.when(disconnectClientCommand, fields)).outcome).toBe('unchanged');
    expect(story.state(userStream(alice))?.clients).toEqual({ 'group-chat-2010': gchat07 });
  });

  test('given no such user, then homing.unknown-user; a retired one has no connection', async () => {
    expect((await given().when(disconnectClientCommand, fields)).rules).toEqual(['homing.unknown-user']);
    expect((await given(aliceWith(retired)).when(disconnectClientCommand, fields)).outcome).toBe('unchanged');
  });
});
