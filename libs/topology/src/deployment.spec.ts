import { given, happened } from '../../kernel/src/testing.js';
import { addLegacyEndpointCommand } from './add-legacy-endpoint.js';
import { deploymentStream } from './deployment.js';
import { endpointStream } from './endpoint.js';
import { poolStream } from './pool.js';
import { registerDeploymentCommand } from './register-deployment.js';
import { rehomeDeploymentCommand } from './rehome-deployment.js';
import { removeLegacyEndpointCommand } from './remove-legacy-endpoint.js';
import { sealDeploymentCommand } from './seal-deployment.js';
import { unsealDeploymentCommand } from './unseal-deployment.js';

type Event = { type: string; data: object };
const poolOf = (pool: string, generation: string, ...events: Event[]) =>
  happened(poolStream(pool), { type: 'PoolRegistered', data: { pool, generation, site: 'Redmond' } }, ...events);
const sealed = (pool: string): Event => ({ type: 'PoolSealed', data: { pool } });
const gone = (pool: string): Event => ({ type: 'PoolDecommissioned', data: { pool, gates: [] } });

const home = 'lync10.contoso.com';
const other = 'lync10b.contoso.com';
const wrong = 'pool13.contoso.com';
const deployment = 'chat10.contoso.com';
const wanted = { deployment, generation: 'lync-2010', homedOn: home, name: 'Group Chat' };
const known = (...events: Event[]) =>
  happened(deploymentStream(deployment), { type: 'DeploymentRegistered', data: wanted }, ...events);
const decommissioned: Event = { type: 'DeploymentDecommissioned', data: { deployment, gates: [] } };
const pools = [poolOf(home, 'lync-2010'), poolOf(other, 'lync-2010'), poolOf(wrong, 'lync-2013')];

describe('RegisterDeployment', () => {
  test('given a pool of its generation, when it is registered, then it is homed there', async () => {
    const told = await given(...pools).when(registerDeploymentCommand, { ...wanted, deployment: 'CHAT10.contoso.com' });
    expect(told.events).toEqual([{ type: 'DeploymentRegistered', data: wanted }]);
    expect(told.rested).toEqual([`deployment-${deployment}`, `pool-${home}`]);
  });

  test('a deployment needs no name', async () => {
    const { name: _, ...nameless } = wanted;
    const story = given(...pools);
    expect((await story.when(registerDeploymentCommand, nameless)).events).toEqual([
      { type: 'DeploymentRegistered', data: nameless },
    ]);
    expect(story.state(deploymentStream(deployment))).toEqual({
      ...nameless,
      name: null,
      status: 'active',
      legacyEndpoints: [],
      closing: false,
    });
  });

  test('given the deployment, when it is registered the same again, then unchanged, also on a sealed pool', async () => {
    expect((await given(...pools, known()).when(registerDeploymentCommand, wanted)).outcome).toBe('unchanged');
    const onSealed = given(poolOf(home, 'lync-2010', sealed(home)), known());
    expect((await onSealed.when(registerDeploymentCommand, wanted)).outcome).toBe('unchanged');
  });

  test('given a named deployment, when it is registered again without a name, then unchanged, and it keeps the name', async () => {
    const story = given(...pools, known());
    expect((await story.when(registerDeploymentCommand, { ...wanted, name: undefined })).outcome).toBe('unchanged');
    expect(story.state(deploymentStream(deployment))?.name).toBe(wanted.name);
  });

  test('given its pool is decommissioned, when it is registered the same again, then the refusal wins', async () => {
    const story = given(poolOf(home, 'lync-2010', sealed(home), gone(home)), known());
    expect((await story.when(registerDeploymentCommand, wanted)).rules).toEqual(['topology.pool-decommissioned']);
  });

  test.each([
    ['an unknown pool', { ...wanted, homedOn: 'x.contoso.com' }, ['topology.unknown-pool']],
    ['a pool of another generation', { ...wanted, homedOn: wrong }, ['topology.generation-mismatch']],
    ['a sealed pool', { ...wanted, homedOn: 's.contoso.com' }, ['topology.pool-sealed']],
    ['a decommissioned pool', { ...wanted, homedOn: 'd.contoso.com' }, ['topology.pool-decommissioned']],
    [
      'a sealed pool of another generation',
      { ...wanted, generation: 'lync-2013', homedOn: 's.contoso.com' },
      ['topology.pool-sealed', 'topology.generation-mismatch'],
    ],
  ])('given %s, when it is registered, then the rules say so', async (_, fields, rules) => {
    const story = given(
      ...pools,
      poolOf('s.contoso.com', 'lync-2010', sealed('s.contoso.com')),
      poolOf('d.contoso.com', 'lync-2010', sealed('d.contoso.com'), gone('d.contoso.com')),
    );
    expect((await story.when(registerDeploymentCommand, fields)).rules).toEqual(rules);
  });

  test.each([
    ['on another pool', { ...wanted, homedOn: other }, ['topology.registered-otherwise']],
    ['under another name', { ...wanted, name: 'Old chat' }, ['topology.registered-otherwise']],
    [
      'as another generation',
      { ...wanted, generation: 'lync-2013' },
      ['topology.generation-mismatch', 'topology.registered-otherwise'],
    ],
    ['on an unknown pool', { ...wanted, homedOn: 'x.contoso.com' }, ['topology.unknown-pool']],
    [
      'under another name on an unknown pool',
      { ...wanted, homedOn: 'x.contoso.com', name: 'Old chat' },
      ['topology.unknown-pool', 'topology.registered-otherwise'],
    ],
  ])('given the deployment, when it is registered %s, then the rules say so', async (_, fields, rules) => {
    expect((await given(...pools, known()).when(registerDeploymentCommand, fields)).rules).toEqual(rules);
  });
});

describe('RehomeDeployment', () => {
  test('given another pool of its generation, when it is rehomed, then from and to are told', async () => {
    const story = given(...pools, known());
    expect((await story.when(rehomeDeploymentCommand, { deployment, homedOn: other })).events).toEqual([
      { type: 'DeploymentRehomed', data: { deployment, from: home, to: other } },
    ]);
    expect(story.state(deploymentStream(deployment))).toMatchObject({ homedOn: other });
  });

  test('given it is homed there, then unchanged, also where that pool is sealed by now', async () => {
    expect((await given(...pools, known()).when(rehomeDeploymentCommand, { deployment, homedOn: home })).outcome).toBe(
      'unchanged',
    );
    const onSealed = given(poolOf(home, 'lync-2010', sealed(home)), known());
    expect((await onSealed.when(rehomeDeploymentCommand, { deployment, homedOn: home })).outcome).toBe('unchanged');
  });

  test.each([
    ['an unknown deployment', { deployment: 'x.contoso.com', homedOn: wrong }, ['topology.unknown-deployment']],
    [
      'an unknown deployment and pool',
      { deployment: 'x.contoso.com', homedOn: 'y.contoso.com' },
      ['topology.unknown-deployment', 'topology.unknown-pool'],
    ],
    ['an unknown pool', { deployment, homedOn: 'y.contoso.com' }, ['topology.unknown-pool']],
    ['another generation', { deployment, homedOn: wrong }, ['topology.generation-mismatch']],
    [
      'a sealed pool',
      { deployment, homedOn: 's.contoso.com' },
      ['topology.pool-sealed', 'topology.generation-mismatch'],
    ],
    ['a decommissioned pool', { deployment, homedOn: 'd.contoso.com' }, ['topology.pool-decommissioned']],
  ])('given %s, then the rules say so', async (_, fields, rules) => {
    const story = given(
      ...pools,
      known(),
      poolOf('s.contoso.com', 'lync-2013', sealed('s.contoso.com')),
      poolOf('d.contoso.com', 'lync-2010', sealed('d.contoso.com'), gone('d.contoso.com')),
    );
    expect((await story.when(rehomeDeploymentCommand, fields)).rules).toEqual(rules);
  });

  test('given a decommissioned deployment, then it is refused, also where it is homed', async () => {
    const story = given(...pools, known(decommissioned));
    const rules = ['topology.deployment-decommissioned'];
    expect((await story.when(rehomeDeploymentCommand, { deployment, homedOn: other })).rules).toEqual(rules);
    expect((await story.when(rehomeDeploymentCommand, { deployment, homedOn: home })).rules).toEqual(rules);
    expect((await story.when(rehomeDeploymentCommand, { deployment, homedOn: wrong })).rules).toEqual([
      ...rules,
      'topology.generation-mismatch',
    ]);
  });
});

describe('SealDeployment and UnsealDeployment', () => {
  test('given an active deployment, when it is sealed and unsealed, then it is sealed and active', async () => {
    const story = given(known());
    expect((await story.when(sealDeploymentCommand, { deployment })).events).toEqual([
      { type: 'DeploymentSealed', data: { deployment } },
    ]);
    expect((await story.when(sealDeploymentCommand, { deployment })).outcome).toBe('unchanged');
    expect(story.state(deploymentStream(deployment))).toMatchObject({ status: 'sealed' });
    expect((await story.when(unsealDeploymentCommand, { deployment })).events).toEqual([
      { type: 'DeploymentUnsealed', data: { deployment } },
    ]);
    expect((await story.when(unsealDeploymentCommand, { deployment })).outcome).toBe('unchanged');
    expect(story.state(deploymentStream(deployment))).toMatchObject({ status: 'active' });
  });

  test.each([sealDeploymentCommand, unsealDeploymentCommand])(
    '$name of what is unknown or gone is refused',
    async (command) => {
      expect((await given().when(command, { deployment })).rules).toEqual(['topology.unknown-deployment']);
      expect((await given(known(decommissioned)).when(command, { deployment })).rules).toEqual([
        'topology.deployment-decommissioned',
      ]);
    },
  );
});

describe('the door before a decommissioning', () => {
  const begun: Event = { type: 'DeploymentClosingBegun', data: { deployment } };
  const withdrawn: Event = { type: 'DeploymentClosingWithdrawn', data: { deployment } };

  test('it is shut, opened again, and gone with the deployment', () => {
    const closing = (...events: Event[]) => given(known(...events)).state(deploymentStream(deployment))?.closing;
    expect([closing(begun), closing(begun, withdrawn), closing(begun, decommissioned)]).toEqual([true, false, false]);
  });
});

describe('legacy endpoints', () => {
  const uri = 'sip:ocschat@contoso.com';
  const chat13 = 'chat13.contoso.com';
  const chat13b = 'chat13b.contoso.com';
  const persistent = (deployment: string) =>
    happened(deploymentStream(deployment), {
      type: 'DeploymentRegistered',
      data: { deployment, generation: 'lync-2013', homedOn: wrong },
    });
  const estate = () => given(persistent(chat13), persistent(chat13b), known());

  test('given a Persistent Chat deployment, when an endpoint is added, then its URI is reserved in the same append', async () => {
    const told = await estate().when(addLegacyEndpointCommand, { deployment: chat13, uri: 'OCSChat@contoso.com' });
    expect(told.events).toEqual([
      { type: 'LegacyEndpointAdded', data: { deployment: chat13, uri } },
      { type: 'EndpointReserved', data: { uri, deployment: chat13 } },
    ]);
    expect(told.streams).toEqual([`deployment-${chat13}`, `endpoint-${uri}`]);
  });

  test('given the endpoint, when it is added again, then unchanged', async () => {
    const story = await estate().after([addLegacyEndpointCommand, { deployment: chat13, uri }]);
    expect((await story.when(addLegacyEndpointCommand, { deployment: chat13, uri })).outcome).toBe('unchanged');
  });

  test('given the endpoint on another deployment, then endpoint.exists until it is removed there', async () => {
    const story = await estate().after([addLegacyEndpointCommand, { deployment: chat13, uri }]);
    expect((await story.when(addLegacyEndpointCommand, { deployment: chat13b, uri })).rules).toEqual([
      'endpoint.exists',
    ]);
    expect((await story.when(removeLegacyEndpointCommand, { deployment: chat13, uri })).events).toEqual([
      { type: 'LegacyEndpointRemoved', data: { deployment: chat13, uri } },
      { type: 'EndpointReleased', data: { uri, deployment: chat13 } },
    ]);
    expect(story.state(endpointStream(uri)).deployment).toBeNull();
    expect((await story.when(addLegacyEndpointCommand, { deployment: chat13b, uri })).outcome).toBe('done');
  });

  test('given a Group Chat deployment, then topology.not-persistent-chat, beside endpoint.exists', async () => {
    const story = await estate().after([addLegacyEndpointCommand, { deployment: chat13, uri }]);
    const add = (uri: string) => story.when(addLegacyEndpointCommand, { deployment, uri });
    expect((await add('sip:free@contoso.com')).rules).toEqual(['topology.not-persistent-chat']);
    expect((await add(uri)).rules).toEqual(['topology.not-persistent-chat', 'endpoint.exists']);
  });

  test('given no such endpoint there, when it is removed, then endpoint.unknown, also the second time', async () => {
    const story = await estate().after([addLegacyEndpointCommand, { deployment: chat13, uri }]);
    const remove = (deployment: string) => story.when(removeLegacyEndpointCommand, { deployment, uri });
    expect((await remove(chat13b)).rules).toEqual(['endpoint.unknown']);
    expect((await remove(chat13)).outcome).toBe('done');
    expect((await remove(chat13)).rules).toEqual(['endpoint.unknown']);
  });

  test('given an unknown deployment, then that alone is told', async () => {
    const fields = { deployment: 'x.contoso.com', uri };
    expect((await given().when(addLegacyEndpointCommand, fields)).rules).toEqual(['topology.unknown-deployment']);
    expect((await given().when(removeLegacyEndpointCommand, fields)).rules).toEqual(['topology.unknown-deployment']);
  });

  test('given a decommissioned deployment, then it is told', async () => {
    const story = given(known(decommissioned));
    expect((await story.when(addLegacyEndpointCommand, { deployment, uri })).rules).toEqual([
      'topology.deployment-decommissioned',
      'topology.not-persistent-chat',
    ]);
    expect((await story.when(removeLegacyEndpointCommand, { deployment, uri })).rules).toEqual([
      'topology.deployment-decommissioned',
      'endpoint.unknown',
    ]);
  });
});
