import type { Database } from 'better-sqlite3';
import { foldCase, type GenerationId } from '#kernel';
import type { GateRecord, GateRecords } from '#decommission';
import type { PolicyValue } from '#policy';
import type { Status } from '#topology';
import { row, rows } from '../storage/prepared.js';

export interface PoolRow {
  readonly pool: string;
  readonly generation: GenerationId;
  readonly site: string;
  readonly status: Status;
}

export interface DeploymentRow {
  readonly deployment: string;
  readonly name: string | null;
  readonly generation: GenerationId;
  readonly homedOn: string;
  readonly status: Status;
}

const holds = 'valid_from <= @at and valid_to > @at';
const poolColumns = 'pool, generation, site, status';
const deploymentColumns = 'deployment, name, generation, homed_on as homedOn, status';

/** Topology, policies and gate records as of a position; what was asked once is remembered. */
export class TopologyAt {
  private readonly poolsAsked = new Map<string, PoolRow | undefined>();
  private readonly policiesAsked = new Map<string, PolicyValue | undefined>();

  constructor(
    readonly db: Database,
    readonly at: number,
  ) {}

  /** By name, ignoring case. */
  sites(): readonly string[] {
    const found = this.rows<{ site: string }>(`select site from topology.site where ${holds} order by key`);
    return found.map(({ site }) => site);
  }

  pool(pool: string): PoolRow | undefined {
    if (!this.poolsAsked.has(pool))
      this.poolsAsked.set(pool, this.latest<PoolRow>('pool', poolColumns, 'pool = @pool', { pool }));
    return this.poolsAsked.get(pool);
  }

  pools(): readonly PoolRow[] {
    const found = this.rows<PoolRow>(`select ${poolColumns} from topology.pool where ${holds} order by pool`);
    for (const each of found) this.poolsAsked.set(each.pool, each);
    return found;
  }

  deployment(deployment: string): DeploymentRow | undefined {
    return this.latest<DeploymentRow>('deployment', deploymentColumns, 'deployment = @deployment', { deployment });
  }

  deployments(): readonly DeploymentRow[] {
    return this.rows<DeploymentRow>(
      `select ${deploymentColumns} from topology.deployment where ${holds} order by deployment`,
    );
  }

  /** Those homed on the pool that are not decommissioned. */
  deploymentsHomedOn(pool: string): readonly string[] {
    return this.rows<{ deployment: string }>(
      `select deployment from topology.deployment where homed_on = @pool and ${holds} and status <> 'decommissioned' order by deployment`,
      { pool },
    ).map(({ deployment }) => deployment);
  }

  legacyEndpoints(deployment: string): readonly string[] {
    return this.rows<{ uri: string }>(
      `select uri from topology.endpoint where deployment = @deployment and ${holds} order by uri`,
      { deployment },
    ).map(({ uri }) => uri);
  }

  /** By id, ignoring case; `global` is always there. */
  policy(policy: string): PolicyValue | undefined {
    const key = foldCase(policy);
    if (!this.policiesAsked.has(key)) {
      const found = this.latest<{ policy: string; enabled: number }>('policy', 'policy, enabled', 'key = @key', {
        key,
      });
      this.policiesAsked.set(key, found ? toPolicy(found) : key === 'global' ? untouchedGlobal : undefined);
    }
    return this.policiesAsked.get(key);
  }

  global(): PolicyValue {
    return this.policy('global') ?? untouchedGlobal;
  }

  policies(): readonly PolicyValue[] {
    const found = this.rows<{ policy: string; enabled: number }>(
      `select policy, enabled from topology.policy where ${holds} order by key`,
    ).map((each) => toPolicy(each));
    if (found.some(({ policy }) => policy === 'global')) return found;
    // `global` comes before `site:…` and `tag:…`.
    return [untouchedGlobal, ...found];
  }

  gateRecords(subject: string): GateRecords {
    const found = this.rows<{ gate: string; record: string }>(
      `select gate, record from topology.gate where subject = @subject and ${holds}`,
      { subject },
    );
    return new Map(found.map(({ gate, record }) => [gate, JSON.parse(record) as GateRecord]));
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it selects
  private rows<Row>(sql: string, parameters: Readonly<Record<string, unknown>> = {}): readonly Row[] {
    return rows<Row>(this.db, sql, { ...parameters, at: this.at });
  }

  /** One key's row: a seek, however often it has changed. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it selects
  private latest<Row>(
    table: string,
    columns: string,
    where: string,
    parameters: Readonly<Record<string, unknown>>,
  ): Row | undefined {
    const sql = `select ${columns}, valid_to as validTo from topology.${table}
      where ${where} and valid_from <= @at order by valid_from desc limit 1`;
    const found = row<Row & { validTo: number }>(this.db, sql, { ...parameters, at: this.at });
    if (!found || found.validTo <= this.at) return undefined;
    const { validTo: _, ...rest } = found;
    return rest as Row;
  }
}

const untouchedGlobal = { policy: 'global', enabled: false } as PolicyValue;

function toPolicy({ policy, enabled }: { policy: string; enabled: number }): PolicyValue {
  return { policy, enabled: enabled === 1 } as PolicyValue;
}
