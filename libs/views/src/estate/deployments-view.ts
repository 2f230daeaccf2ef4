import { clients, generationIds } from '#kernel';
import { deploymentGates, poolGates } from '#decommission';
import { openFindings } from '../migration/findings-at.js';
import { MigrationsAt } from '../migration/migrations-at.js';
import { Asked } from '../parameters.js';
import { pageOf } from '../paging.js';
import { count, listOf, orNull, shape, text, words } from '../schemas.js';
import type { ViewDefinition } from '../view.js';
import { contentOf } from './content-at.js';
import { clientsOf, openGatesOfDeployment, openGatesOfPool } from './deployment-at.js';
import { countUsers, groupsOfPool } from './groups-at.js';
import { type DeploymentRow, type PoolRow, TopologyAt } from './topology-at.js';

const projections = ['topology', 'users', 'content', 'migrations'];
const generation = words(...generationIds);
const status = words('active', 'sealed', 'decommissioned');
const users = shape({ homed: count, enabled: count, ready: count });

const deploymentItem = shape({
  deployment: text,
  name: orNull(text),
  generation,
  homedOn: text,
  site: text,
  status,
  users,
  content: shape({ categories: count, rooms: count, addIns: count, excludedRooms: count }),
  clients: shape(Object.fromEntries(clients.map((client) => [client, count]))),
  legacyEndpoints: listOf(text),
  migration: orNull(text),
  openFindings: shape({ error: count, warning: count, info: count }),
  openGates: listOf(words(...deploymentGates.map(({ name }) => name))),
});

const poolItem = shape({
  pool: text,
  generation,
  site: text,
  status,
  users,
  deployments: listOf(text),
  openGates: listOf(words(...poolGates.map(({ name }) => name))),
});

function showDeployment(topology: TopologyAt, row: DeploymentRow, instant: string): object {
  const { deployment, name, generation, homedOn, status } = row;
  const migrations = new MigrationsAt(topology.db, topology.at);
  return {
    deployment,
    name,
    generation,
    homedOn,
    site: topology.pool(homedOn)?.site ?? null,
    status,
    users: countUsers(groupsOfPool(topology, homedOn)),
    content: contentOf(topology, deployment),
    clients: clientsOf(topology, deployment),
    legacyEndpoints: topology.legacyEndpoints(deployment),
    migration: migrations.runOf(deployment)?.migration ?? null,
    openFindings: openFindings(topology, migrations, row, instant),
    openGates: openGatesOfDeployment(topology, row, instant),
  };
}

function showPool(topology: TopologyAt, row: PoolRow, instant: string): object {
  const { pool, generation, site, status } = row;
  return {
    pool,
    generation,
    site,
    status,
    users: countUsers(groupsOfPool(topology, pool)),
    deployments: topology.deploymentsHomedOn(pool),
    openGates: openGatesOfPool(topology, row, instant),
  };
}

export const deploymentsViews: readonly ViewDefinition[] = [
  {
    path: '/api/deployments',
    summary: 'Chat deployments with their users, content, clients and open gates',
    kind: 'list',
    parameters: {},
    projections,
    item: deploymentItem,
    run: (db, query) => {
      const topology = new TopologyAt(db, query.at);
      const show = (row: DeploymentRow): object => showDeployment(topology, row, query.instant);
      return pageOf(topology.deployments(), 'deployments', query, ({ deployment }) => deployment, show);
    },
  },
  {
    path: '/api/deployments/:deployment',
    summary: 'One chat deployment',
    kind: 'one',
    parameters: { deployment: Asked.deployment('FQDN of the chat pool') },
    projections,
    item: deploymentItem,
    run: (db, { at, instant, input }) => {
      const topology = new TopologyAt(db, at);
      const row = topology.deployment(String(input['deployment']));
      return row && showDeployment(topology, row, instant);
    },
  },
  {
    path: '/api/pools',
    summary: 'Front End pools with their users and deployments',
    kind: 'list',
    parameters: {},
    projections,
    item: poolItem,
    run: (db, query) => {
      const topology = new TopologyAt(db, query.at);
      const show = (row: PoolRow): object => showPool(topology, row, query.instant);
      return pageOf(topology.pools(), 'pools', query, ({ pool }) => pool, show);
    },
  },
  {
    path: '/api/pools/:pool',
    summary: 'One Front End pool',
    kind: 'one',
    parameters: { pool: Asked.pool('FQDN of the pool') },
    projections,
    item: poolItem,
    run: (db, { at, instant, input }) => {
      const topology = new TopologyAt(db, at);
      const row = topology.pool(String(input['pool']));
      return row && showPool(topology, row, instant);
    },
  },
];
