import { gatesOf, openGates } from './gate-rules.js';
import { openFindings, runOfSource } from './migration-views.js';
import { connecting } from './user-rules.js';
import { effectivePolicy, notReady, policyOf, poolOf, same, type User, userOf, type World } from './world.js';

type Query = Readonly<Record<string, string>>;
type Item = Readonly<Record<string, unknown>>;

export const clientIds = ['lync-2013', 'group-chat-2010', 'group-chat-2007-r2'] as const;

/** The items of a list of contract §3, in no particular order. `now` is the instant asked about. */
export const lists: Readonly<Record<string, (world: World, query: Query, now: string) => Item[]>> = {
  '/api/deployments': (world, _, now) =>
    world.deployments.map((each) => {
      const { deployment, name, generation, homedOn } = each;
      const content = <T extends { deployment: string }>(all: readonly T[]) =>
        all.filter((one) => one.deployment === deployment);
      const connections = living(world).flatMap((user) => content(user.connections));
      return {
        deployment,
        name,
        generation,
        homedOn,
        site: poolOf(world, homedOn)?.site,
        status: status(each),
        users: userCounts(world, homedOn),
        content: {
          categories: content(world.categories).length,
          rooms: content(world.rooms).length,
          addIns: content(world.addIns).length,
          excludedRooms: content(world.rooms).filter(({ excluded }) => excluded).length,
        },
        clients: Object.fromEntries(
          clientIds.map((id) => [id, connections.filter(({ client }) => client === id).length]),
        ),
        legacyEndpoints: each.endpoints.toSorted(),
        migration: runOfSource(world, deployment)?.migration ?? null,
        openFindings: openFindings(world, deployment, now),
        openGates: openGates(world, `deployment:${deployment}`, now).toSorted(),
      };
    }),

  '/api/pools': (world, _, now) =>
    world.pools.map((each) => ({
      pool: each.pool,
      generation: each.generation,
      site: each.site,
      status: status(each),
      users: userCounts(world, each.pool),
      deployments: world.deployments
        .filter(({ homedOn, decommissioned }) => homedOn === each.pool && !decommissioned)
        .map(({ deployment }) => deployment)
        .toSorted(),
      openGates: openGates(world, `pool:${each.pool}`, now).toSorted(),
    })),

  '/api/sites': (world) =>
    world.sites.map(({ site }) => {
      const policy = policyOf(world, `site:${site}`);
      return {
        site,
        pools: world.pools
          .filter((pool) => same(pool.site, site))
          .map(({ pool }) => pool)
          .toSorted(),
        policy: policy ? { enabled: policy.enabled } : null,
      };
    }),

  '/api/users': (world, query) =>
    world.users
      .filter((user) => user.retired === (query.retired === 'true'))
      .map((user) => userItem(world, user))
      .filter(
        (item) =>
          (query.pool === undefined || item.pool === query.pool.toLowerCase()) &&
          (query.site === undefined || (item.site !== null && same(item.site, query.site))) &&
          (query.generation === undefined || item.generation === query.generation) &&
          (query.ready === undefined || String(item.ready) === query.ready) &&
          (query.enabled === undefined || String(item.effectivePolicy.enabled) === query.enabled) &&
          (query.policy === undefined || same(item.effectivePolicy.policy, query.policy)) &&
          (query.client === undefined || item.clients.some(({ client }) => client === query.client)) &&
          (query.q === undefined || [item.user, item.displayName ?? ''].some((text) => includes(text, query.q!))),
      ),

  '/api/policies': (world) =>
    world.policies.map(({ policy, enabled }) => ({
      policy,
      enabled,
      granted: living(world).filter((user) => same(user.granted, policy)).length,
      effectiveFor: living(world).filter((user) => same(effectivePolicy(world, user).policy, policy)).length,
    })),

  '/api/categories': (world, { deployment, q }) =>
    world.categories
      .filter((each) => each.deployment === deployment && (q === undefined || includes(each.category, q)))
      .map((each) => ({
        ...each,
        rooms: world.rooms.filter((room) => room.deployment === deployment && same(room.category, each.category))
          .length,
        carriedOverFrom: originOf(world, 'category', each.deployment, each.category),
      })),

  '/api/rooms': (world, { deployment, category, q, excluded }) =>
    world.rooms
      .filter(
        (each) =>
          each.deployment === deployment &&
          (category === undefined || same(each.category, category)) &&
          (q === undefined || includes(each.room, q)) &&
          (excluded === undefined || String(each.excluded) === excluded),
      )
      .map((each) => ({ ...each, carriedOverFrom: originOf(world, 'room', each.deployment, each.room) })),

  '/api/add-ins': (world, { deployment, q }) =>
    world.addIns
      .filter((each) => each.deployment === deployment && (q === undefined || includes(each.addIn, q)))
      .map((each) => ({
        ...each,
        rooms: world.rooms.filter((room) => room.deployment === deployment && same(room.addIn, each.addIn)).length,
        carriedOverFrom: originOf(world, 'add-in', each.deployment, each.addIn),
      })),
};

/** From where something was carried over. */
export function originOf(world: World, kind: string, deployment: string, name: string): Item | null {
  const origin = world.origins.find(
    (each) => each.kind === kind && each.target === deployment && same(each.thing, name),
  );
  return origin ? { deployment: origin.deployment, name: origin.name } : null;
}

/** What identifies an item of each list. */
export const keyOf: Readonly<Record<string, string>> = {
  '/api/deployments': 'deployment',
  '/api/pools': 'pool',
  '/api/sites': 'site',
  '/api/users': 'user',
  '/api/policies': 'policy',
  '/api/categories': 'category',
  '/api/rooms': 'room',
  '/api/add-ins': 'addIn',
};

/** One thing of contract §3; undefined where there is none (404). */
export const ones: Readonly<Record<string, (world: World, id: string, now: string) => Item | undefined>> = {
  '/api/deployments/:deployment': (world, id, now) =>
    lists['/api/deployments']!(world, {}, now).find(({ deployment }) => deployment === id),
  '/api/pools/:pool': (world, id, now) => lists['/api/pools']!(world, {}, now).find(({ pool }) => pool === id),
  '/api/users/:user': (world, id) => {
    const user = userOf(world, id);
    return user && userItem(world, user);
  },
  '/api/users/:user/access': (world, id) => {
    const user = userOf(world, id);
    return (
      user && {
        user: id,
        access: clientIds.flatMap((client) =>
          world.deployments.map(({ deployment }) => {
            const { always, unlessHeld } = connecting(world, id, client, deployment);
            const rules = [...always, ...unlessHeld].filter((rule) => typeof rule === 'string').toSorted();
            return { client, deployment, reachable: rules.length === 0, refusals: rules };
          }),
        ),
      }
    );
  },
  '/api/gates/:subject': (world, subject, now) => {
    const gates = gatesOf(world, subject, now);
    return (
      gates && {
        subject,
        gates: gates.map(({ gate, kind, status, offenders, standing }) => ({
          gate,
          kind,
          status,
          offenders: offenders.toSorted(),
          evidence: standing?.words ?? null,
          at: standing?.at ?? null,
          expiresAt: standing?.expiresAt ?? null,
        })),
      }
    );
  },
};

/** Retired users count nowhere. */
const living = (world: World) => world.users.filter(({ retired }) => !retired);

const status = ({ sealed, decommissioned }: { sealed: boolean; decommissioned: boolean }) =>
  decommissioned ? 'decommissioned' : sealed ? 'sealed' : 'active';

const includes = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

function userCounts(world: World, pool: string) {
  const homed = living(world).filter((user) => user.pool === pool);
  return {
    homed: homed.length,
    enabled: homed.filter((user) => effectivePolicy(world, user).enabled).length,
    ready: homed.filter((user) => notReady(world, user).length === 0).length,
  };
}

function userItem(world: World, user: User) {
  const home = poolOf(world, user.pool);
  const reasons = notReady(world, user);
  return {
    user: user.user,
    displayName: user.displayName,
    guid: user.guid,
    pool: user.pool,
    site: home?.site ?? null,
    generation: home?.generation ?? null,
    granted: user.granted,
    effectivePolicy: effectivePolicy(world, user),
    ready: reasons.length === 0,
    notReady: reasons,
    clients: user.connections.toSorted((a, b) => a.client.localeCompare(b.client)),
    retired: user.retired,
  };
}
