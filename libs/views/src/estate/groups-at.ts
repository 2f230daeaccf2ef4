import type { GenerationId } from '#kernel';
import { notReady } from '#homing';
import { effectivePolicy, type PolicyValue } from '#policy';
import { countsAt } from '../storage/count-history.js';
import { row, rows } from '../storage/prepared.js';
import type { TopologyAt } from './topology-at.js';
import { groups } from './users-projection.js';

/** What holds for all users of one home and grant. */
export interface GroupAt {
  readonly id: number;
  readonly count: number;
  readonly retired: boolean;
  readonly pool: string | null;
  readonly site: string | null;
  readonly generation: GenerationId | null;
  readonly granted: string | null;
  readonly effective: PolicyValue;
  readonly ready: boolean;
  /** Rule ids. */
  readonly notReady: readonly string[];
}

interface GroupRow {
  readonly id: number;
  readonly pool: string | null;
  readonly policy: string | null;
  readonly retired: number;
  readonly count: number;
}

const select = countsAt(groups, 'users');

/** Every group that anybody was ever in, with its count and what follows for it. */
export function groupsAt(topology: TopologyAt): readonly GroupAt[] {
  return rows<GroupRow>(topology.db, select, { at: topology.at }).map((each) => toGroup(topology, each));
}

export function groupsOfPool(topology: TopologyAt, pool: string): readonly GroupAt[] {
  const found = rows<GroupRow>(topology.db, `${select} where pool = @pool`, { at: topology.at, pool });
  return found.map((each) => toGroup(topology, each));
}

export function groupAt(topology: TopologyAt, id: number): GroupAt | undefined {
  const found = row<GroupRow>(topology.db, `${select} where id = @id`, { at: topology.at, id });
  return found && toGroup(topology, found);
}

export interface UserCounts {
  readonly homed: number;
  readonly enabled: number;
  readonly ready: number;
}

export function countUsers(groups: readonly GroupAt[]): UserCounts {
  const sum = (some: (group: GroupAt) => boolean): number =>
    groups.reduce((total, group) => total + (!group.retired && some(group) ? group.count : 0), 0);
  return {
    homed: sum(() => true),
    enabled: sum(({ effective }) => effective.enabled),
    ready: sum(({ ready }) => ready),
  };
}

function toGroup(topology: TopologyAt, { id, pool, policy, retired, count }: GroupRow): GroupAt {
  const home = pool === null ? undefined : topology.pool(pool);
  const granted = policy === null ? undefined : topology.policy(policy);
  const ofSite = home && topology.policy(`site:${home.site}`);
  const effective = effectivePolicy(granted, ofSite, topology.global());
  const reasons = notReady('', home ?? null, effective).map(({ rule }) => rule);
  return {
    id,
    count,
    retired: retired === 1,
    pool,
    site: home?.site ?? null,
    generation: home?.generation ?? null,
    granted: granted?.policy ?? null,
    effective,
    ready: reasons.length === 0,
    notReady: reasons,
  };
}
