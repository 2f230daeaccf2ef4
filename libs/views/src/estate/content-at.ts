import { countsAt } from '../storage/count-history.js';
import { rows } from '../storage/prepared.js';
import { held } from './content-projection.js';
import type { TopologyAt } from './topology-at.js';

export const offendersMax = 100;

export interface ContentCounts {
  readonly categories: number;
  readonly rooms: number;
  readonly addIns: number;
  readonly excludedRooms: number;
}

const heldBy = `${countsAt(held, 'content')} where deployment = @deployment`;

export function contentOf({ db, at }: TopologyAt, deployment: string): ContentCounts {
  const counts = { categories: 0, rooms: 0, addIns: 0, excludedRooms: 0 };
  for (const { kind, count } of rows<{ kind: keyof ContentCounts; count: number }>(db, heldBy, { at, deployment }))
    counts[kind] = count;
  return counts;
}
