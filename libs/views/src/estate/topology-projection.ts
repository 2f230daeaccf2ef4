import { foldCase } from '#kernel';
import { type GateEvent, type GateRecord, recordGate } from '#decommission';
import type { PolicyEvent } from '#policy';
import type { DeploymentEvent, PoolEvent, Status } from '#topology';
import type { Database } from 'better-sqlite3';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';

const text = 'text' as const;
const integer = 'integer' as const;

const sites = { table: 'site', key: { key: text }, columns: { site: text } } satisfies VersionedSpec;
const pools = {
  table: 'pool',
  key: { pool: text },
  columns: { generation: text, site: text, status: text },
  indexes: ['valid_to'],
} satisfies VersionedSpec;
const deployments = {
  table: 'deployment',
  key: { deployment: text },
  columns: { name: text, generation: text, homed_on: text, status: text },
  indexes: ['valid_to', 'homed_on, valid_to'],
} satisfies VersionedSpec;
const endpoints = { table: 'endpoint', key: { deployment: text, uri: text }, columns: {} } satisfies VersionedSpec;
const policies = {
  table: 'policy',
  key: { key: text },
  columns: { policy: text, enabled: integer },
  indexes: ['valid_to'],
} satisfies VersionedSpec;
const gates = { table: 'gate', key: { subject: text, gate: text }, columns: { record: text } } satisfies VersionedSpec;

type SiteRegistered = { readonly type: 'SiteRegistered'; readonly data: { readonly site: string } };
type Taken = SiteRegistered | PoolEvent | DeploymentEvent | PolicyEvent | GateEvent;

/** Sites, pools, deployments with their endpoints, policies, and what was said about gates. */
export const topologyProjection: Projection = {
  name: 'topology',
  version: 1,
  types: [
    'SiteRegistered',
    'PoolRegistered',
    'PoolSealed',
    'PoolUnsealed',
    'PoolDecommissioned',
    'DeploymentRegistered',
    'DeploymentRehomed',
    'DeploymentSealed',
    'DeploymentUnsealed',
    'DeploymentDecommissioned',
    'LegacyEndpointAdded',
    'LegacyEndpointRemoved',
    'PolicyCreated',
    'PolicyEnabled',
    'PolicyDisabled',
    'PolicyReset',
    'PolicyRemoved',
    'GateAttested',
    'GateWaived',
  ] satisfies readonly Taken['type'][],
  schema: [sites, pools, deployments, endpoints, policies, gates].map(versionedSchema).join('\n'),
  open: (db) => new TopologyWriter(db),
};

class TopologyWriter implements ProjectionWriter {
  private readonly sites: VersionedTable<typeof sites>;
  private readonly pools: VersionedTable<typeof pools>;
  private readonly deployments: VersionedTable<typeof deployments>;
  private readonly endpoints: VersionedTable<typeof endpoints>;
  private readonly policies: VersionedTable<typeof policies>;
  private readonly gates: VersionedTable<typeof gates>;

  constructor(db: Database) {
    this.sites = new VersionedTable(db, sites);
    this.pools = new VersionedTable(db, pools);
    this.deployments = new VersionedTable(db, deployments);
    this.endpoints = new VersionedTable(db, endpoints);
    this.policies = new VersionedTable(db, policies);
    this.gates = new VersionedTable(db, gates);
  }

  apply(events: readonly ProjectedEvent[]): void {
    for (const each of events) this.one({ type: each.event.type, data: each.data } as unknown as Taken, each);
    for (const table of [this.sites, this.pools, this.deployments, this.endpoints, this.policies, this.gates])
      table.flush();
  }

  private one(taken: Taken, { position, event }: ProjectedEvent): void {
    switch (taken.type) {
      case 'SiteRegistered':
        return this.sites.put(position, [foldCase(taken.data.site)], { site: taken.data.site });
      case 'PoolRegistered': {
        const { pool, generation, site } = taken.data;
        return this.pools.put(position, [pool], { generation, site, status: 'active' });
      }
      case 'PoolSealed':
        return this.poolStatus(position, taken.data.pool, 'sealed');
      case 'PoolUnsealed':
        return this.poolStatus(position, taken.data.pool, 'active');
      case 'PoolDecommissioned':
        return this.poolStatus(position, taken.data.pool, 'decommissioned');
      case 'DeploymentRegistered': {
        const { deployment, generation, homedOn, name = null } = taken.data;
        return this.deployments.put(position, [deployment], { name, generation, homed_on: homedOn, status: 'active' });
      }
      case 'DeploymentRehomed':
        return this.changeDeployment(position, taken.data.deployment, { homed_on: taken.data.to });
      case 'DeploymentSealed':
        return this.changeDeployment(position, taken.data.deployment, { status: 'sealed' });
      case 'DeploymentUnsealed':
        return this.changeDeployment(position, taken.data.deployment, { status: 'active' });
      case 'DeploymentDecommissioned':
        return this.changeDeployment(position, taken.data.deployment, { status: 'decommissioned' });
      case 'LegacyEndpointAdded':
        return this.endpoints.put(position, [taken.data.deployment, taken.data.uri], {});
      case 'LegacyEndpointRemoved':
        return this.endpoints.end(position, taken.data.deployment, taken.data.uri);
      case 'PolicyCreated':
        return this.setPolicy(position, taken.data.policy, taken.data.enabled);
      case 'PolicyEnabled':
        return this.setPolicy(position, taken.data.policy, true);
      case 'PolicyDisabled':
      case 'PolicyReset':
        return this.setPolicy(position, taken.data.policy, false);
      case 'PolicyRemoved':
        return this.policies.end(position, foldCase(taken.data.policy));
      case 'GateAttested':
      case 'GateWaived': {
        const { subject, gate } = taken.data;
        const known = this.gates.current(subject, gate);
        const record = known && (JSON.parse(String(known.record)) as GateRecord);
        const { id, name } = event.meta.actor;
        const now = recordGate(record, taken, { by: { id, name }, at: event.recordedAt });
        return this.gates.put(position, [subject, gate], { record: JSON.stringify(now) });
      }
      case 'DeploymentClosingBegun':
      case 'DeploymentClosingWithdrawn':
      case 'PolicyRemovalBegun':
      case 'PolicyRemovalWithdrawn':
        return;
      default:
        throw new Error(`the topology has no place for ${(taken as { type: string }).type}`);
    }
  }

  private poolStatus(position: number, pool: string, status: Status): void {
    const known = this.pools.current(pool);
    if (!known) throw new Error(`the pool ${pool} was never registered`);
    this.pools.put(position, [pool], { ...known, status });
  }

  private changeDeployment(position: number, deployment: string, change: { homed_on?: string; status?: Status }): void {
    const known = this.deployments.current(deployment);
    if (!known) throw new Error(`the deployment ${deployment} was never registered`);
    this.deployments.put(position, [deployment], { ...known, ...change });
  }

  private setPolicy(position: number, policy: string, enabled: boolean): void {
    this.policies.put(position, [foldCase(policy)], { policy, enabled: Number(enabled) });
  }
}
