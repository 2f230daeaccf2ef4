import { event, type Fields, judge, type Verdict } from './verdict.js';
import { deploymentOf, isLegacy, policyOf, poolOf, same, siteOf, type World } from './world.js';

/** Contract §2.1: topology and policies. */
export const estateRules: Readonly<Record<string, (world: World, fields: Fields) => Verdict>> = {
  RegisterSite: (world, { site }) =>
    judge({ always: [], events: siteOf(world, site) ? [] : [event('SiteRegistered', { site })] }),

  RegisterPool: (world, { pool, generation, site }) => {
    const known = poolOf(world, pool);
    const where = siteOf(world, site);
    const asKnown = known && known.generation === generation && same(known.site, site);
    // From the site being unknown it only follows that a known pool is in another one.
    const otherwise = known && (known.generation !== generation || (where && !same(known.site, site)));
    return judge({
      always: [!where && 'topology.unknown-site'],
      unlessHeld: [otherwise && 'topology.registered-otherwise'],
      events: asKnown ? [] : [event('PoolRegistered', { pool, generation, site: where?.site })],
    });
  },

  RegisterDeployment: (world, { deployment, generation, homedOn, name }) => {
    const known = deploymentOf(world, deployment);
    const pool = poolOf(world, homedOn);
    // Nobody who leaves the name out says that there is none.
    const named = known && (name === undefined || known.name === name);
    const asKnown = named && known.generation === generation && known.homedOn === homedOn;
    const otherwise =
      known && (known.generation !== generation || !named || (pool !== undefined && known.homedOn !== homedOn));
    return judge({
      always: [!pool && 'topology.unknown-pool', pool?.decommissioned && 'topology.pool-decommissioned'],
      unlessHeld: [
        otherwise && 'topology.registered-otherwise',
        pool && pool.generation !== generation && 'topology.generation-mismatch',
        pool?.sealed && !pool.decommissioned && known?.homedOn !== homedOn && 'topology.pool-sealed',
      ],
      events: asKnown ? [] : [event('DeploymentRegistered', { deployment, generation, homedOn, name })],
    });
  },

  RehomeDeployment: (world, { deployment, homedOn }) => {
    const known = deploymentOf(world, deployment);
    const pool = poolOf(world, homedOn);
    return judge({
      always: [
        !known && 'topology.unknown-deployment',
        known?.decommissioned && 'topology.deployment-decommissioned',
        !pool && 'topology.unknown-pool',
        pool?.decommissioned && 'topology.pool-decommissioned',
      ],
      unlessHeld: [
        known && pool && pool.generation !== known.generation && 'topology.generation-mismatch',
        pool?.sealed && !pool.decommissioned && 'topology.pool-sealed',
      ],
      events:
        known?.homedOn === homedOn
          ? []
          : [event('DeploymentRehomed', { deployment, from: known?.homedOn, to: homedOn })],
    });
  },

  SealPool: (world, { pool }) => sealing(world, pool, true),
  UnsealPool: (world, { pool }) => sealing(world, pool, false),

  SealDeployment: (world, { deployment }) => sealingDeployment(world, deployment, true),
  UnsealDeployment: (world, { deployment }) => sealingDeployment(world, deployment, false),

  AddLegacyEndpoint: (world, { deployment, uri }) => {
    const known = deploymentOf(world, deployment);
    const holder = world.deployments.find(({ endpoints }) => endpoints.includes(uri));
    return judge({
      always: [
        !known && 'topology.unknown-deployment',
        known?.decommissioned && 'topology.deployment-decommissioned',
        known && isLegacy(known.generation) && 'topology.not-persistent-chat',
      ],
      unlessHeld: [holder && holder !== known && 'endpoint.exists'],
      events: holder && holder === known ? [] : [event('LegacyEndpointAdded', { deployment, uri })],
    });
  },
  RemoveLegacyEndpoint: (world, { deployment, uri }) => {
    const known = deploymentOf(world, deployment);
    return judge({
      always: [
        !known && 'topology.unknown-deployment',
        known?.decommissioned && 'topology.deployment-decommissioned',
        known && !known.endpoints.includes(uri) && 'endpoint.unknown',
      ],
      events: [event('LegacyEndpointRemoved', { deployment, uri })],
    });
  },

  CreatePolicy: (world, { policy, enabled = false }) => {
    if (policy === 'global') return judge({ always: ['policy.global-always-exists'], events: [] });
    const known = policyOf(world, policy);
    const site = policy.startsWith('site:') ? siteOf(world, policy.slice('site:'.length)) : undefined;
    return judge({
      always: [policy.startsWith('site:') && !site && 'policy.unknown-site'],
      unlessHeld: [known && known.enabled !== enabled && 'policy.exists'],
      events:
        known?.enabled === enabled
          ? []
          : [event('PolicyCreated', { policy: site ? `site:${site.site}` : policy, enabled })],
    });
  },
  EnablePolicy: (world, { policy }) => switching(world, policy, true),
  DisablePolicy: (world, { policy }) => switching(world, policy, false),

  RemovePolicy: (world, { policy }) => {
    const known = policyOf(world, policy);
    if (policy === 'global')
      return judge({ always: [], events: known?.enabled ? [event('PolicyReset', { policy })] : [] });
    const count = world.users.filter(
      (user) => !user.retired && user.granted !== null && same(user.granted, policy),
    ).length;
    return judge({
      always: [!known && 'policy.unknown', known && count > 0 && { rule: 'policy.granted', facts: { count } }],
      events: [event('PolicyRemoved', { policy: known?.policy })],
    });
  },
};

function sealing(world: World, pool: string, sealed: boolean): Verdict {
  const known = poolOf(world, pool);
  return judge({
    always: [!known && 'topology.unknown-pool', known?.decommissioned && 'topology.pool-decommissioned'],
    events: known?.sealed === sealed ? [] : [event(sealed ? 'PoolSealed' : 'PoolUnsealed', { pool })],
  });
}

function sealingDeployment(world: World, deployment: string, sealed: boolean): Verdict {
  const known = deploymentOf(world, deployment);
  return judge({
    always: [!known && 'topology.unknown-deployment', known?.decommissioned && 'topology.deployment-decommissioned'],
    events: known?.sealed === sealed ? [] : [event(sealed ? 'DeploymentSealed' : 'DeploymentUnsealed', { deployment })],
  });
}

function switching(world: World, policy: string, enabled: boolean): Verdict {
  const known = policyOf(world, policy);
  return judge({
    always: [!known && 'policy.unknown'],
    events:
      known?.enabled === enabled
        ? []
        : [event(enabled ? 'PolicyEnabled' : 'PolicyDisabled', { policy: known?.policy })],
  });
}
