import type { Database } from 'better-sqlite3';
import { type ClientId, isLegacy } from '#kernel';
import { accessOf } from '#homing';
import { type Fact, notPermitted } from '#migration';
import { type GroupAt, groupsAt } from '../estate/groups-at.js';
import type { TopologyAt } from '../estate/topology-at.js';
import { membersAt, userAt } from '../estate/user-rows.js';
import { connectionsOf } from '../estate/users-at.js';
import { connected } from '../estate/users-projection.js';
import { countsAt } from '../storage/count-history.js';
import { prepared, rows } from '../storage/prepared.js';

/** A user with connections that would be refused now. */
export interface UserNotPermitted {
  readonly user: string;
  readonly fact: NonNullable<Fact>;
}

const holds = (alias: string): string => `${alias}.valid_from <= @at and ${alias}.valid_to > @at`;
// Up to this many are sorted; among more it is quicker to walk in the order of SIP addresses.
const sortedMax = 5000;

/** Everybody whose connection would be refused now, as of a position: the rules of `ConnectClient` over groups, deployments and connections. */
export class NotPermittedAt {
  private readonly groups: ReadonlyMap<number, GroupAt>;
  private readonly ids: ReadonlySet<number>;

  constructor(private readonly topology: TopologyAt) {
    this.groups = new Map(groupsAt(topology).map((group) => [group.id, group]));
    this.ids = idsAt(topology, [...this.groups.values()]);
  }

  get total(): number {
    return this.ids.size;
  }

  /** The users among these, in the order asked. */
  among(users: readonly string[]): readonly string[] {
    return users.filter((user) => {
      const id = prepared(this.topology.db, 'select id from users.user where user = ?').pluck().get(user);
      return this.ids.has(id as number);
    });
  }

  /** The next ones in the order of SIP addresses, without those of `not`. */
  after(user: string, limit: number, not: ReadonlySet<string>): readonly string[] {
    const { db } = this.topology;
    if (this.ids.size <= sortedMax)
      return rows<{ user: string }>(
        db,
        `select u.user from json_each(@ids) i cross join users.user u on u.id = i.value
         where u.user > @after order by u.user limit @limit`,
        { ids: JSON.stringify([...this.ids]), after: user, limit: limit + not.size },
      )
        .map((each) => each.user)
        .filter((each) => !not.has(each))
        .slice(0, limit);
    const found: string[] = [];
    const walk = prepared(db, 'select id, user from users.user where user > ? order by user');
    for (const each of walk.iterate(user) as Iterable<{ id: number; user: string }>) {
      if (found.length === limit) break;
      if (this.ids.has(each.id) && !not.has(each.user)) found.push(each.user);
    }
    return found;
  }

  /** What is not permitted of these users' connections. */
  describe(users: readonly string[]): readonly UserNotPermitted[] {
    const { topology } = this;
    const { db, at } = topology;
    const found = rows<{ id: number; user: string; groupId: number }>(
      db,
      `select u.id, u.user, ${userAt.groupId} as groupId from json_each(@users) k
       cross join users.user u on u.user = k.value and ${userAt.there} order by u.user`,
      { at, users: JSON.stringify(users) },
    );
    const connections = connectionsOf(
      db,
      at,
      found.map(({ id }) => id),
    );
    return found.flatMap(({ id, user, groupId }) => {
      const group = this.groups.get(groupId);
      const fact = notPermitted(
        (connections.get(id) ?? []).map(({ client, deployment }) => {
          const { refusals } = accessOf({ user, client, deployment }, factsOf(topology, group, deployment));
          return { client, deployment, refused: refusals.map(({ rule }) => rule) };
        }),
      );
      return fact ? [{ user, fact }] : [];
    });
  }
}

function factsOf(topology: TopologyAt, group: GroupAt | undefined, id: string): Parameters<typeof accessOf>[1] {
  const known = topology.deployment(id);
  return {
    user: group ? { retired: group.retired } : null,
    deployment: known
      ? { generation: known.generation, status: known.status, legacyEndpoints: topology.legacyEndpoints(id) }
      : null,
    home: group?.pool == null ? null : (topology.pool(group.pool) ?? null),
    effective: group?.effective ?? null,
  };
}

/** What the last look at each connection found: pages of one list cost what they show. */
const remembered = new WeakMap<Database, { readonly at: number; readonly ids: ReadonlySet<number> }>();

function idsAt(topology: TopologyAt, groups: readonly GroupAt[]): ReadonlySet<number> {
  const { db, at } = topology;
  const known = remembered.get(db);
  if (known?.at === at) return known.ids;
  const ids = new Set([...ofDeployments(topology), ...ofGroups(topology, groups)]);
  remembered.set(db, { at, ids });
  return ids;
}

/** Those whose deployment takes no such client. */
function ofDeployments(topology: TopologyAt): readonly number[] {
  const { db, at } = topology;
  const closed = topology.deployments().flatMap(({ deployment, generation, status }) => {
    if (status === 'decommissioned') return [{ deployment, lync: 1, groupChat: 1 }];
    if (isLegacy(generation)) return [{ deployment, lync: 1, groupChat: 0 }];
    return topology.legacyEndpoints(deployment).length > 0 ? [] : [{ deployment, lync: 0, groupChat: 1 }];
  });
  if (closed.length === 0) return [];
  return prepared(
    db,
    `select c.user_id from json_each(@closed) d
     cross join users.connection c on c.deployment = d.value ->> 'deployment' and ${holds('c')}
     where (c.client = 'lync-2013' and d.value ->> 'lync') or (c.client <> 'lync-2013' and d.value ->> 'groupChat')`,
  )
    .pluck()
    .all({ at, closed: JSON.stringify(closed) }) as number[];
}

const lync: ClientId = 'lync-2013';
const connectedWith = `${countsAt(connected, 'users')} where client = @client`;

/** Those with a Lync 2013 client whom their home or policy does not let in. */
function ofGroups({ db, at }: TopologyAt, groups: readonly GroupAt[]): readonly number[] {
  const notReady = groups.filter(({ ready }) => !ready);
  const members = notReady.reduce((sum, { count }) => sum + count, 0);
  const asked = { at, client: lync, groups: JSON.stringify(notReady.map(({ id }) => id)) };
  const connections = rows<{ count: number }>(db, connectedWith, { at, client: lync });
  const connectedUsers = connections.reduce((sum, { count }) => sum + count, 0);
  // Whichever are fewer are looked through.
  const sql =
    members < connectedUsers
      ? `select c.user_id from (${membersAt}) m
         cross join users.connection c on c.user_id = m.user_id and c.client = @client and ${holds('c')}`
      : `select c.user_id from users.connection c cross join users.user u on u.id = c.user_id
         where c.client = @client and ${holds('c')} and ${userAt.groupId} in (select value from json_each(@groups))`;
  return prepared(db, sql).pluck().all(asked) as number[];
}
