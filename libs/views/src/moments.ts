import type { Database } from 'better-sqlite3';
import type { Projection } from './projection.js';
import { prepared } from './storage/prepared.js';

/** Which instant each position stands for and the other way round: one row per millisecond in which something was recorded. */
export const moments: Projection = {
  name: 'moments',
  version: 1,
  readsData: false,
  schema: `create table if not exists moment (recorded_at integer primary key, position integer not null);
    create index if not exists moment_position on moment (position)`,
  open(db) {
    const put = db.prepare(
      'insert into moment values (?, ?) on conflict (recorded_at) do update set position = excluded.position',
    );
    return {
      apply(events) {
        // Only the last position of each millisecond is written; times never go backwards.
        for (const [index, { event, position }] of events.entries())
          if (events[index + 1]?.event.recordedAt !== event.recordedAt) put.run(Date.parse(event.recordedAt), position);
      },
    };
  },
};

/** The last position recorded at the instant or before; -1, the empty world's, where there is none. */
export function positionAt(db: Database, instant: string): number {
  const row = prepared(
    db,
    'select position from moments.moment where recorded_at <= ? order by recorded_at desc limit 1',
  ).get(Date.parse(instant)) as { position: number } | undefined;
  return row?.position ?? -1;
}

/** When the event at this position, or the last one before it, was recorded; 1970 in the empty world. */
export function instantOf(db: Database, position: number): string {
  // A millisecond's row carries its last position, so the first row that is not before the position is its own.
  const own = prepared(
    db,
    'select recorded_at as ms from moments.moment where position >= ? order by position limit 1',
  ).get(position) as { ms: number } | undefined;
  const row =
    own ??
    (prepared(
      db,
      'select recorded_at as ms from moments.moment order by recorded_at desc limit 1',
    ).get() as typeof own);
  return new Date(position < 0 ? 0 : (row?.ms ?? 0)).toISOString();
}
