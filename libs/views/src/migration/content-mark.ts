import { row } from '../storage/prepared.js';
import type { TopologyAt } from '../estate/topology-at.js';

/** Where a deployment's content last changed in what it holds or what is excluded, up to a position: what was found of it before still holds. */
export function contentMark({ db, at }: TopologyAt, deployment: string): number {
  const found = row<{ position: number }>(
    db,
    `select max((select c.position from content.held_count c where c.id = t.id and c.position <= @at
       order by c.position desc limit 1)) as position from content.held t where t.deployment = @deployment`,
    { at, deployment },
  );
  return found?.position ?? -1;
}
