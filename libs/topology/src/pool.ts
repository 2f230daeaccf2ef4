import {
  type Decision,
  describeEvents,
  type DomainEvent,
  type GenerationId,
  neverEvent,
  type PoolId,
  type Refusal,
  Refused,
  refusedBy,
  type SiteName,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
} from '#kernel';
import type { GateSnapshot } from './gate-snapshot.js';
import { type Site, unknownSite } from './site.js';

export type PoolRegistered = DomainEvent<
  'PoolRegistered',
  { readonly pool: PoolId; readonly generation: GenerationId; readonly site: SiteName }
>;
export type PoolSealed = DomainEvent<'PoolSealed', { readonly pool: PoolId }>;
export type PoolUnsealed = DomainEvent<'PoolUnsealed', { readonly pool: PoolId }>;
export type PoolDecommissioned = DomainEvent<
  'PoolDecommissioned',
  { readonly pool: PoolId; readonly gates: readonly GateSnapshot[] }
>;
export type PoolEvent = PoolRegistered | PoolSealed | PoolUnsealed | PoolDecommissioned;

export const poolEvents = describeEvents<PoolEvent>({
  PoolRegistered: {
    schemaVersion: 1,
    subjects: ({ pool, site }) => [subject.pool(pool), subject.site(site)],
    say: ({ pool, generation, site }) => `registered the ${generation} pool ${pool} in ${site}`,
  },
  PoolSealed: {
    schemaVersion: 1,
    subjects: ({ pool }) => [subject.pool(pool)],
    say: ({ pool }) => `sealed the pool ${pool}`,
  },
  PoolUnsealed: {
    schemaVersion: 1,
    subjects: ({ pool }) => [subject.pool(pool)],
    say: ({ pool }) => `unsealed the pool ${pool}`,
  },
  PoolDecommissioned: {
    schemaVersion: 1,
    subjects: ({ pool }) => [subject.pool(pool)],
    say: ({ pool }) => `decommissioned the pool ${pool}`,
  },
});

export type Status = 'active' | 'sealed' | 'decommissioned';

/** A Front End pool; null while unknown. */
export type Pool = {
  readonly pool: PoolId;
  readonly generation: GenerationId;
  readonly site: SiteName;
  readonly status: Status;
} | null;

const pools: StreamType<Pool, PoolEvent> = {
  category: 'pool',
  initial: null,
  evolve: (state, event) => {
    switch (event.type) {
      case 'PoolRegistered':
        return { ...event.data, status: 'active' };
      case 'PoolSealed':
        return state && { ...state, status: 'sealed' };
      case 'PoolUnsealed':
        return state && { ...state, status: 'active' };
      case 'PoolDecommissioned':
        return state && { ...state, status: 'decommissioned' };
      default:
        return neverEvent(event);
    }
  },
};

export const poolStream = (pool: string): StreamRef<Pool, PoolEvent> => streamOf(pools, pool);

type RulesOf = 'topology' | 'homing';

export const unknownPool = (pool: string, context: RulesOf = 'topology'): Refusal => ({
  rule: `${context}.unknown-pool`,
  detail: `the pool ${pool} is not registered; register it first`,
});

const decommissionedPool = (pool: string, context: RulesOf = 'topology'): Refusal => ({
  rule: `${context}.pool-decommissioned`,
  detail: `the pool ${pool} is decommissioned`,
});

/** Why a pool takes no users and no deployments, where it takes none. */
export function poolTakesNone(pool: string, state: Pool, context: RulesOf = 'topology'): Refusal | undefined {
  if (!state) return unknownPool(pool, context);
  switch (state.status) {
    case 'active':
      return undefined;
    case 'sealed':
      return {
        rule: `${context}.pool-sealed`,
        detail: `the pool ${pool} is sealed: it is being emptied and takes nobody and nothing`,
      };
    case 'decommissioned':
      return decommissionedPool(pool, context);
  }
}

export function registerPool(
  state: Pool,
  wanted: { readonly pool: PoolId; readonly generation: GenerationId; readonly site: string },
  site: Site,
): Decision<PoolEvent> {
  const { pool, generation } = wanted;
  // That a pool is in another site would only follow from the wanted site being unknown.
  const otherwise = state && (state.generation !== generation || (site && state.site !== site.site));
  const refused = refusedBy(
    !site && unknownSite(wanted.site),
    otherwise && {
      rule: 'topology.registered-otherwise',
      detail: `the pool ${pool} is registered as ${state.generation} in ${state.site}`,
    },
  );
  if (refused) return refused;
  return state || !site ? [] : [{ type: 'PoolRegistered', data: { pool, generation, site: site.site } }];
}

export function sealPool(state: Pool, pool: PoolId): Decision<PoolEvent> {
  return changeStatus(state, pool, 'sealed', { type: 'PoolSealed', data: { pool } });
}

export function unsealPool(state: Pool, pool: PoolId): Decision<PoolEvent> {
  return changeStatus(state, pool, 'active', { type: 'PoolUnsealed', data: { pool } });
}

function changeStatus(state: Pool, pool: PoolId, status: Status, event: PoolEvent): Decision<PoolEvent> {
  if (!state) return new Refused([unknownPool(pool)]);
  if (state.status === 'decommissioned') return new Refused([decommissionedPool(pool)]);
  return state.status === status ? [] : [event];
}
