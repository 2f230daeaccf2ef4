import type { Database } from 'better-sqlite3';
import { type ClientId, clients, foldCase, generationIds } from '#kernel';
import { accessOf } from '#homing';
import { Asked } from '../parameters.js';
import { cursorAfter, keyOf } from '../paging.js';
import { flag, instant, listOf, orNull, shape, text, words } from '../schemas.js';
import type { ViewDefinition, ViewQuery } from '../view.js';
import { type GroupAt, groupAt, groupsAt } from './groups-at.js';
import { TopologyAt } from './topology-at.js';
import { connectionsOf, oneUserAt, type UserRow, usersAt } from './users-at.js';

const projections = ['topology', 'users'];

const item = shape({
  user: text,
  displayName: orNull(text),
  guid: orNull(text),
  pool: orNull(text),
  site: orNull(text),
  generation: orNull(words(...generationIds)),
  granted: orNull(text),
  effectivePolicy: shape({ policy: text, enabled: flag }),
  ready: flag,
  notReady: listOf(words('client.not-homed-on-2013', 'client.policy-disabled')),
  clients: listOf(shape({ client: words(...clients), deployment: text, since: instant })),
  retired: flag,
});

const refusal = { type: 'object', properties: { rule: text, detail: text }, required: ['rule', 'detail'] } as const;
const accessItem = shape({
  user: text,
  access: listOf(shape({ client: words(...clients), deployment: text, reachable: flag, refusals: listOf(refusal) })),
});

const filters = {
  pool: Asked.pool('homed on this pool'),
  site: Asked.site('homed in this site'),
  generation: Asked.generation('homed on a pool of this generation'),
  ready: Asked.flag('enabled and homed on a lync-2013 pool'),
  enabled: Asked.flag('the effective policy says true'),
  policy: Asked.policy('the effective policy'),
  client: Asked.client('connected with this client'),
  retired: Asked.flag('retired users instead of the others'),
  q: Asked.text('part of the SIP address or the display name, ignoring case'),
};

/** The groups whose members pass every filter that does not look at the person. */
export function groupsPassing(groups: readonly GroupAt[], input: ViewQuery['input']): readonly GroupAt[] {
  const { pool, site, generation, ready, enabled, policy, retired = false } = input;
  const same = (given: unknown, own: string | null): boolean =>
    given === undefined || (own !== null && foldCase(given as string) === foldCase(own));
  return groups.filter(
    (group) =>
      group.retired === retired &&
      same(pool, group.pool) &&
      same(site, group.site) &&
      same(generation, group.generation) &&
      same(policy, group.effective.policy) &&
      (ready === undefined || group.ready === ready) &&
      (enabled === undefined || group.effective.enabled === enabled),
  );
}

function showUsers(db: Database, at: number, groups: readonly GroupAt[], users: readonly UserRow[]): readonly object[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const connections = connectionsOf(
    db,
    at,
    users.map(({ id }) => id),
  );
  return users.flatMap(({ id, user, groupId, displayName, guid }) => {
    const group = byId.get(groupId);
    if (!group) return [];
    const { pool, site, generation, granted, effective, ready, notReady, retired } = group;
    const clients = (connections.get(id) ?? []).map(({ client, deployment, since }) => ({ client, deployment, since }));
    const home = { pool, site, generation };
    return [
      { user, displayName, guid, ...home, granted, effectivePolicy: effective, ready, notReady, clients, retired },
    ];
  });
}

/** A page of those who pass the filters, in the order of their SIP addresses. */
function passing(db: Database, { at, input, limit, cursor }: ViewQuery) {
  const [after = ''] = keyOf('users', cursor) ?? [];
  const all = groupsAt(new TopologyAt(db, at));
  const groups = groupsPassing(all, input);
  const filter = {
    groups,
    otherGroups: all.filter((group) => !groups.includes(group)),
    q: input['q'] as string | undefined,
    client: input['client'] as ClientId | undefined,
  };
  const { users, total } = usersAt(db, at, filter, after, limit + 1);
  const page = users.slice(0, limit);
  const last = page.at(-1);
  const next = users.length > limit && last ? cursorAfter('users', [last.user]) : null;
  return { users: page, groups, next, total };
}

/** The same people by their SIP addresses alone: what a command for all of them asks. */
export const sipAddresses: ViewDefinition = {
  path: 'sip-addresses',
  summary: 'SIP addresses of the users that pass the filters of /api/users',
  kind: 'one',
  parameters: filters,
  projections,
  item: shape({ users: listOf(text), next: orNull(text) }),
  run: (db, query) => {
    const { users, next } = passing(db, query);
    return { users: users.map(({ user }) => user), next } satisfies SipAddresses;
  },
};
export interface SipAddresses {
  readonly users: readonly string[];
  readonly next: string | null;
}

export const usersViews: readonly ViewDefinition[] = [
  {
    path: '/api/users',
    summary: 'People with a SIP address: where they are homed, what their policy says, whether they are ready',
    kind: 'list',
    parameters: filters,
    projections,
    item,
    run: (db, query) => {
      const { users, groups, next, total } = passing(db, query);
      return { items: showUsers(db, query.at, groups, users), next, total };
    },
  },
  {
    path: '/api/users/:user',
    summary: 'One user',
    kind: 'one',
    parameters: { user: Asked.user('SIP address; sip: may be left out') },
    projections,
    item,
    run: (db, { at, input }) => {
      const user = oneUserAt(db, at, String(input['user']));
      const group = user && groupAt(new TopologyAt(db, at), user.groupId);
      return group && showUsers(db, at, [group], [user])[0];
    },
  },
  {
    path: '/api/users/:user/access',
    summary: 'Which deployments each of the user’s clients would reach, and every rule that says no',
    kind: 'one',
    parameters: { user: Asked.user('SIP address; sip: may be left out') },
    projections,
    item: accessItem,
    run: (db, { at, input }) => {
      const topology = new TopologyAt(db, at);
      const row = oneUserAt(db, at, String(input['user']));
      const group = row && groupAt(topology, row.groupId);
      if (!group) return undefined;
      const { user } = row;
      const { retired, effective } = group;
      const home = group.pool === null ? null : (topology.pool(group.pool) ?? null);
      const deployments = topology.deployments();
      const access = clients.flatMap((client) =>
        deployments.map(({ deployment, generation, status }) => {
          const legacyEndpoints = generation === 'lync-2013' ? topology.legacyEndpoints(deployment) : [];
          const facts = { user: { retired }, deployment: { generation, status, legacyEndpoints }, home, effective };
          return { client, deployment, ...accessOf({ user, client, deployment }, facts) };
        }),
      );
      return { user, access };
    },
  },
];
