import { foldCase } from '#kernel';
import { pageOf } from '../paging.js';
import { flag, listOf, orNull, shape, text } from '../schemas.js';
import type { ViewDefinition } from '../view.js';
import { TopologyAt } from './topology-at.js';

export const sitesView: ViewDefinition = {
  path: '/api/sites',
  summary: 'Sites with their pools and their own policy',
  kind: 'list',
  parameters: {},
  projections: ['topology'],
  item: shape({ site: text, pools: listOf(text), policy: orNull(shape({ enabled: flag })) }),
  run: (db, query) => {
    const topology = new TopologyAt(db, query.at);
    const pools = Map.groupBy(topology.pools(), ({ site }) => foldCase(site));
    return pageOf(topology.sites(), 'sites', query, foldCase, (site) => {
      const policy = topology.policy(`site:${site}`);
      return {
        site,
        pools: (pools.get(foldCase(site)) ?? []).map(({ pool }) => pool),
        policy: policy ? { enabled: policy.enabled } : null,
      };
    });
  },
};
