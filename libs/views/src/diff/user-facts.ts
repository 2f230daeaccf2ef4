import type { Database } from 'better-sqlite3';
import { clients, subject } from '#kernel';
import { TopologyAt } from '../estate/topology-at.js';
import { userAt } from '../estate/user-rows.js';
import { rows } from '../storage/prepared.js';
import { type FactsOf, latest } from './known-facts.js';

interface UserRow {
  readonly id: number;
  readonly user: string;
  readonly displayName: string | null;
  readonly guid: string | null;
  readonly pool: string | null;
  /** Folded. */
  readonly policy: string | null;
  readonly retired: number;
}

const selectUsers = `select u.id, u.user, ${userAt.displayName} as displayName, ${userAt.guid} as guid, g.pool, g.policy, g.retired
  from json_each(@ids) k cross join users.user u on u.user = k.value and ${userAt.there}
  cross join users.user_group g on g.id = ${userAt.groupId}`;

export const users: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  const found = rows<UserRow>(db, selectUsers, { at, ids: JSON.stringify(ids) });
  const connections = connectionsOf(db, at, found);
  return new Map(
    found.map(({ id, user, displayName, guid, pool, policy, retired }) => {
      const granted = policy === null ? null : (topology.policy(policy)?.policy ?? policy);
      const facts = { displayName, guid, pool, granted, clients: connections.get(id) ?? [], retired: retired === 1 };
      return [user, { subject: subject.user(user), facts }];
    }),
  );
};

const clientsInOrder = clients.toSorted();

function connectionsOf(db: Database, at: number, found: readonly UserRow[]): ReadonlyMap<number, readonly object[]> {
  const keys = found.flatMap(({ id }) => clientsInOrder.map((client) => [id, client] as const));
  const connections = new Map<number, object[]>();
  const columns = { client: 'client', deployment: 'deployment', since: 'since' };
  const stored = latest<{ client: string; deployment: string; since: string }>(
    db,
    at,
    'users.connection',
    ['user_id', 'client'],
    columns,
    keys,
  );
  for (const { n, ...connection } of stored) {
    const id = keys[n]?.[0] ?? -1;
    connections.set(id, [...(connections.get(id) ?? []), connection]);
  }
  return connections;
}
