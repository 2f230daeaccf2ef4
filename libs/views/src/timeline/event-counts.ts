import type { Database } from 'better-sqlite3';
import { prepared } from '../storage/prepared.js';
import type { ViewDefinition } from '../view.js';

/** So many events stand at this position or before it. */
export interface EventCount {
  readonly position: number;
  readonly events: number;
}

/** The nearest count at a position or before it, for `/api/events`: at most `tallyStep` events lie between, where the timeline is not behind. */
export const eventCounts: ViewDefinition = {
  path: 'event-counts',
  summary: 'How many events there are up to about a position; for the server itself',
  kind: 'one',
  parameters: {},
  projections: ['timeline'],
  item: {},
  run: (db, { input }) => nearestCount(db, Number(input['position'])),
};

function nearestCount(db: Database, position: number): EventCount {
  const row = prepared(
    db,
    'select position, events from timeline.tally where position <= ? order by position desc limit 1',
  ).get(position) as EventCount | undefined;
  return row ?? { position: -1, events: 0 };
}
