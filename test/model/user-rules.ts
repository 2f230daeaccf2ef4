import type { ModelEvent } from './apply.js';
import { event, type Fields, judge, type Verdict } from './verdict.js';
import { deploymentOf, notReady, policyOf, poolOf, unreachable, type User, userOf, type World } from './world.js';

/** Contract §2.1: homing, grants and clients. */
export const userRules: Readonly<Record<string, (world: World, fields: Fields) => Verdict>> = {
  EnrolUser: (world, { user, displayName, guid, pool }) => {
    const known = userOf(world, user);
    const events: ModelEvent[] = [];
    if (!known || known.retired)
      events.push(
        event('UserEnrolled', { user, displayName: displayName ?? known?.displayName, guid: guid ?? known?.guid }),
      );
    else {
      const differs = {
        ...(displayName !== undefined && displayName !== known.displayName ? { displayName } : {}),
        ...(guid !== undefined && guid !== known.guid ? { guid } : {}),
      };
      if (Object.keys(differs).length > 0) events.push(event('UserDescribed', { user, ...differs }));
    }
    const moves = pool !== undefined && known?.pool !== pool;
    if (moves) events.push(...homing(world, user, pool));
    const home = pool === undefined ? undefined : poolOf(world, pool);
    return judge({
      always: [
        pool !== undefined && !home && 'homing.unknown-pool',
        home?.decommissioned && 'homing.pool-decommissioned',
        moves && home?.sealed && !home.decommissioned && 'homing.pool-sealed',
      ],
      events,
    });
  },

  HomeUser: (world, { user, pool }) => {
    const known = userOf(world, user);
    const home = poolOf(world, pool);
    return judge({
      always: [
        !known && 'homing.unknown-user',
        known?.retired && 'homing.user-retired',
        !home && 'homing.unknown-pool',
        home?.decommissioned && 'homing.pool-decommissioned',
      ],
      unlessHeld: [home?.sealed && !home.decommissioned && 'homing.pool-sealed'],
      events: known?.pool === pool ? [] : homing(world, user, pool),
    });
  },

  RetireUser: (world, { user }) => {
    const known = userOf(world, user);
    const events = known?.retired
      ? []
      : [
          event('UserRetired', { user }),
          ...(known?.connections ?? []).map(({ client, deployment }) =>
            event('ClientDisconnected', { user, client, deployment, because: 'user-retired' }),
          ),
          ...(known?.granted ? [event('PolicyRevoked', { user, policy: known.granted, because: 'user-retired' })] : []),
        ];
    return judge({ always: [!known && 'homing.unknown-user'], events });
  },

  GrantPolicy: (world, { user, policy }) => {
    const known = userOf(world, user);
    const granted = policyOf(world, policy);
    return judge({
      always: [
        !known && 'homing.unknown-user',
        known?.retired && 'homing.user-retired',
        !granted && 'policy.unknown',
        !policy.startsWith('tag:') && 'policy.not-grantable',
      ],
      events:
        granted && known?.granted === granted.policy ? [] : [event('PolicyGranted', { user, policy: granted?.policy })],
    });
  },
  RevokePolicy: (world, { user }) => {
    const known = userOf(world, user);
    return judge({
      always: [!known && 'homing.unknown-user'],
      events: known?.granted ? [event('PolicyRevoked', { user, policy: known.granted, because: 'asked' })] : [],
    });
  },

  ConnectClient: (world, { user, client, deployment }) => {
    const known = userOf(world, user);
    const earlier = known?.connections.find((each) => each.client === client);
    const held = earlier?.deployment === deployment;
    return judge({
      ...connecting(world, user, client, deployment),
      events: held
        ? []
        : [
            event('ClientConnected', { user, client, deployment }),
            ...(earlier
              ? [
                  event('ClientDisconnected', {
                    user,
                    client,
                    deployment: earlier.deployment,
                    because: 'connected-elsewhere',
                  }),
                ]
              : []),
          ],
    });
  },
  DisconnectClient: (world, { user, client }) => {
    const known = userOf(world, user);
    const ended = known?.connections.filter((each) => each.client === client) ?? [];
    return judge({
      always: [!known && 'homing.unknown-user'],
      events: ended.map(({ deployment }) =>
        event('ClientDisconnected', { user, client, deployment, because: 'asked' }),
      ),
    });
  },
};

/** The rules of `ConnectClient`, also for the access view. */
export function connecting(world: World, user: string, client: string, deployment: string) {
  const known = userOf(world, user);
  const target = deploymentOf(world, deployment);
  return {
    always: [
      !known && 'homing.unknown-user',
      known?.retired && 'homing.user-retired',
      !target && 'topology.unknown-deployment',
      target?.decommissioned && 'topology.deployment-decommissioned',
    ],
    // Of a user who is unknown or retired neither home nor policy can be asked: what the deployment alone says remains.
    unlessHeld: unreachable(world, known ?? nobody, client, target).filter(
      (rule) => (known && !known.retired) || !['client.not-homed-on-2013', 'client.policy-disabled'].includes(rule),
    ),
  };
}

const nobody: User = {
  user: '',
  displayName: null,
  guid: null,
  pool: null,
  granted: null,
  retired: true,
  connections: [],
};

/** The new home, and the ends of the connections that it makes illegal: it says no for a reason that was none where the user was. */
function homing(world: World, user: string, pool: string): ModelEvent[] {
  const known = userOf(world, user) ?? nobody;
  const moved: User = { ...known, pool };
  // Only the Lync 2013 client asks where its user is homed.
  const before = notReady(world, known);
  const added = notReady(world, moved).filter((reason) => !before.includes(reason));
  const illegal = known.connections.filter(({ client }) => client === 'lync-2013' && added.length > 0);
  return [
    event('UserHomed', { user, from: known.pool, to: pool }),
    ...illegal.map(({ client, deployment }) =>
      event('ClientDisconnected', { user, client, deployment, because: 'user-homed' }),
    ),
  ];
}
