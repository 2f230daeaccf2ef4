import { foldCase } from '#kernel';
import type { Database } from 'better-sqlite3';
import type { Projection } from '../projection.js';
import { prepared } from '../storage/prepared.js';
import { changesOf } from '../timeline/changes-of.js';

/** Of one row: few enough that a look at both ends of a range costs next to nothing, enough that writing them does. */
const eventsPerRow = 64;

/**
 * Which subjects had a recorded fact changed, in the order of the log: a row for some consecutive events. What the facts were before and
 * after, the estate's own read models tell.
 */
export const changesProjection: Projection = {
  name: 'changes',
  version: 1,
  schema:
    'create table if not exists touched (through integer primary key, first integer not null, subjects text not null)',
  open(db) {
    const insert = db.prepare('insert into touched values (?, ?, ?)');
    return {
      apply(events) {
        for (let from = 0; from < events.length; from += eventsPerRow) {
          const some = events.slice(from, from + eventsPerRow);
          const subjects = new Set<string>();
          for (const { event, data } of some)
            for (const { subject } of changesOf(event.type, data)) subjects.add(foldCase(subject));
          if (subjects.size > 0)
            insert.run(some.at(-1)?.position, some[0]?.position, JSON.stringify(Array.from(subjects)));
        }
      },
    };
  },
};

/**
 * The subjects, ignoring case, that may differ after `from` and up to `to`: all that do, and a few that were touched just before or
 * just after.
 */
export function touchedBetween(db: Database, from: number, to: number): ReadonlySet<string> {
  const touched = new Set<string>();
  const rows = prepared(db, 'select first, subjects from changes.touched where through > ? order by through');
  for (const row of rows.iterate(from)) {
    const { first, subjects } = row as { first: number; subjects: string };
    if (first > to) break;
    for (const subject of JSON.parse(subjects) as string[]) touched.add(subject);
  }
  return touched;
}
