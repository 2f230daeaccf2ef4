import { foldCase } from '#kernel';
import { pageOf } from '../paging.js';
import { count, flag, shape, text } from '../schemas.js';
import type { ViewDefinition } from '../view.js';
import { type GroupAt, groupsAt } from './groups-at.js';
import { TopologyAt } from './topology-at.js';

export const policiesView: ViewDefinition = {
  path: '/api/policies',
  summary: 'Persistent chat policies, to how many users each is granted and for how many it counts',
  kind: 'list',
  parameters: {},
  projections: ['topology', 'users'],
  item: shape({ policy: text, enabled: flag, granted: count, effectiveFor: count }),
  run: (db, query) => {
    const topology = new TopologyAt(db, query.at);
    const groups = groupsAt(topology).filter(({ retired }) => !retired);
    const sum = (policy: string, of: (group: GroupAt) => string | null): number =>
      groups.reduce((total, group) => (of(group) === policy ? total + group.count : total), 0);
    const key = ({ policy }: { policy: string }): string => foldCase(policy);
    return pageOf(topology.policies(), 'policies', query, key, ({ policy, enabled }) => ({
      policy,
      enabled,
      granted: sum(policy, ({ granted }) => granted),
      effectiveFor: sum(policy, ({ effective }) => effective.policy),
    }));
  },
};
