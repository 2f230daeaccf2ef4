import {
  type Decision,
  type DomainEvent,
  type GenerationId,
  neverEvent,
  type PoolId,
  type Refusal,
  refusedBy,
  type SiteName,
  type StreamRef,
  streamOf,
  type StreamType,
} from '#kernel';
import type { Site } from './site.js';

export type PoolRegistered = DomainEvent<
  'PoolRegistered',
  { readonly pool: PoolId; readonly generation: GenerationId; readonly site: SiteName }
>;
export type PoolSealed = DomainEvent<'PoolSealed', { readonly pool: PoolId }>;
export type PoolUnsealed = DomainEvent<'PoolUnsealed', { readonly pool: PoolId }>;
export type PoolEvent = PoolRegistered | PoolSealed | PoolUnsealed;

/** A Front End pool; null while unknown. */
export type Pool = {
  readonly pool: PoolId;
  readonly generation: GenerationId;
  readonly site: SiteName;
  readonly status: 'active' | 'sealed' | 'decommissioned';
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
      default:
        return neverEvent(event);
    }
  },
};

export const poolStream = (pool: string): StreamRef<Pool, PoolEvent> => streamOf(pools, pool);

export const unknownPool = (pool: string, context = 'topology'): Refusal => ({
  rule: `${context}.unknown-pool`,
  detail: `the pool ${pool} is not registered; register it first`,
});

export function registerPool(
  state: Pool,
  wanted: { readonly pool: PoolId; readonly generation: GenerationId; readonly site: string },
  site: Site,
): Decision<PoolEvent> {
  if (!site)
    return (
      refusedBy({ rule: 'topology.unknown-site', detail: `the site ${wanted.site} is not registered; register it first` }) ?? []
    );
  if (!state) return [{ type: 'PoolRegistered', data: { pool: wanted.pool, generation: wanted.generation, site: site.site } }];
  const same = state.generation === wanted.generation && state.site === site.site;
  const otherwise = {
    rule: 'topology.registered-otherwise',
    detail: `the pool ${wanted.pool} is registered as ${state.generation} in ${state.site}`,
  };
  return refusedBy(!same && otherwise) ?? [];
}
