import { clients, type ClientId, isLegacy, subject, type Tally } from '#kernel';
import {
  deploymentGates,
  type DeploymentFacts,
  type Gate,
  gatesOf,
  openGates,
  type PoolFacts,
  poolGates,
} from '#decommission';
import { countsAt } from '../storage/count-history.js';
import { roomsUnaccounted } from '../migration/content-facts.js';
import { MigrationsAt } from '../migration/migrations-at.js';
import { rows } from '../storage/prepared.js';
import { contentOf, offendersMax } from './content-at.js';
import { countUsers, groupsOfPool } from './groups-at.js';
import type { DeploymentRow, PoolRow, TopologyAt } from './topology-at.js';
import { membersAt } from './user-rows.js';
import { connected } from './users-projection.js';

const connectedTo = `${countsAt(connected, 'users')} where deployment = @deployment`;

export function clientsOf({ db, at }: TopologyAt, deployment: string): Readonly<Record<ClientId, number>> {
  const counts = Object.fromEntries(clients.map((client) => [client, 0])) as Record<ClientId, number>;
  for (const { client, count } of rows<{ client: ClientId; count: number }>(db, connectedTo, { at, deployment }))
    counts[client] = count;
  return counts;
}

/** The names of the open gates of a legacy deployment; others have none. */
export function openGatesOfDeployment(
  topology: TopologyAt,
  deployment: DeploymentRow,
  instant: string,
): readonly string[] {
  return isLegacy(deployment.generation) ? openGates(gatesOfDeployment(topology, deployment, instant, false)) : [];
}

export function openGatesOfPool(topology: TopologyAt, pool: PoolRow, instant: string): readonly string[] {
  return isLegacy(pool.generation) ? openGates(gatesOfPool(topology, pool, instant, false)) : [];
}

/** `named`: with the offenders, not only their number. */
export function gatesOfDeployment(
  topology: TopologyAt,
  { deployment, status }: DeploymentRow,
  instant: string,
  named: boolean,
): readonly Gate[] {
  const { categories, rooms: roomCount, addIns } = contentOf(topology, deployment);
  const migrations = new MigrationsAt(topology.db, topology.at);
  const run = migrations.runOf(deployment);
  const connections = Object.values(clientsOf(topology, deployment)).reduce((sum, each) => sum + each, 0);
  const facts: DeploymentFacts = {
    deployment,
    // What is decommissioned was sealed, and takes nothing for ever.
    sealed: status !== 'active',
    holdsContent: categories + roomCount + addIns > 0,
    migrationCompleted: run?.closed === 'completed',
    roomsUnaccounted: roomsUnaccounted(topology, migrations, deployment, run, named),
    clientsConnected: named ? connectedUsers(topology, deployment) : { count: connections, offenders: [] },
  };
  return gatesOf(deploymentGates, facts, topology.gateRecords(subject.deployment(deployment)), instant);
}

export function gatesOfPool(
  topology: TopologyAt,
  { pool, status }: PoolRow,
  instant: string,
  named: boolean,
): readonly Gate[] {
  const deployments = topology.deploymentsHomedOn(pool).map((id) => subject.deployment(id));
  const facts: PoolFacts = {
    pool,
    sealed: status !== 'active',
    usersHomed: named
      ? homedUsers(topology, pool)
      : { count: countUsers(groupsOfPool(topology, pool)).homed, offenders: [] },
    deploymentsHomed: { count: deployments.length, offenders: deployments },
  };
  return gatesOf(poolGates, facts, topology.gateRecords(subject.pool(pool)), instant);
}

/** The users homed on a pool; the first ones of each grant, in the order of their homing. */
export function homedUsers(topology: TopologyAt, pool: string): Tally {
  const { db, at } = topology;
  const groups = groupsOfPool(topology, pool);
  return tally(countUsers(groups).homed, true, () =>
    rows<{ user: string }>(
      db,
      `select u.user from (${membersAt}) m cross join users.user u on u.id = m.user_id limit ${offendersMax}`,
      { at, groups: JSON.stringify(groups.map(({ id }) => id)) },
    ).map(({ user }) => subject.user(user)),
  );
}

/** The users connected to a deployment: each once, with however many clients. */
export function connectedUsers({ db, at }: TopologyAt, deployment: string): Tally {
  const where = 'c.deployment = @deployment and c.valid_to > @at and c.valid_from <= @at';
  const [counted] = rows<{ count: number }>(
    db,
    `select count(distinct c.user_id) as count from users.connection c where ${where}`,
    { at, deployment },
  );
  return tally(counted?.count ?? 0, true, () =>
    rows<{ user: string }>(
      db,
      `select distinct u.user from users.connection c cross join users.user u on u.id = c.user_id
       where ${where} limit ${offendersMax}`,
      { at, deployment },
    ).map(({ user }) => subject.user(user)),
  );
}

function tally(count: number, named: boolean, offenders: () => readonly string[]): Tally {
  return { count, offenders: named && count > 0 ? offenders() : [] };
}
