import { foldCase } from '#kernel';
import type { Database } from 'better-sqlite3';
import type { Projection } from '../projection.js';
import { rows } from '../storage/prepared.js';
import { changesOf } from '../timeline/changes-of.js';

/** Of one row: few enough that a look at both ends of a range costs next to nothing, enough that writing them does. */
const eventsPerRow = 64;

/** Some consecutive events that changed something, and what. */
interface Stretch {
  readonly first: number;
  through: number;
  events: number;
  readonly subjects: Set<string>;
  /** The `through` of its row in the table; undefined where there is none yet. */
  readonly stored: number | undefined;
}

/**
 * Which subjects had a recorded fact changed, in the order of the log: a row for so many consecutive events, however they come in batches.
 * What the facts were before and after, the estate's own read models tell.
 */
export const changesProjection: Projection = {
  name: 'changes',
  version: 3,
  sameTablesSince: 2,
  schema: `create table if not exists touched (
    through integer primary key, first integer not null, events integer not null, subjects text not null)`,
  open(db) {
    const insert = db.prepare('insert into touched values (?, ?, ?, ?)');
    const extend = db.prepare('update touched set through = ?, events = ?, subjects = ? where through = ?');
    let stretch = lastStretch(db);
    const write = (): void => {
      if (!stretch || stretch.through === stretch.stored) return;
      const { first, through, events, stored } = stretch;
      const subjects = JSON.stringify(Array.from(stretch.subjects));
      if (stored === undefined) insert.run(through, first, events, subjects);
      else extend.run(through, events, subjects, stored);
      stretch = { ...stretch, stored: through };
    };
    return {
      apply(events) {
        for (const { event, data, position } of events) {
          const changes = changesOf(event.type, data);
          if (changes.length === 0) continue;
          if (!stretch || stretch.events === eventsPerRow) {
            write();
            stretch = { first: position, through: position, events: 0, subjects: new Set(), stored: undefined };
          }
          let last: string | undefined;
          for (const { subject } of changes) {
            if (subject !== last) stretch.subjects.add(foldCase(subject));
            last = subject;
          }
          stretch.through = position;
          stretch.events += 1;
        }
        write();
      },
    };
  },
};

function lastStretch(db: Database): Stretch | undefined {
  const row = db.prepare('select * from touched order by through desc limit 1').get() as
    { through: number; first: number; events: number; subjects: string } | undefined;
  return row && { ...row, subjects: new Set(JSON.parse(row.subjects) as string[]), stored: row.through };
}

/**
 * The subjects, ignoring case, that may differ after `from` and up to `to`, of the first so many stretches, each a JSON list: all that do, and
 * a few that were touched just before or just after. `through` is where the next ones begin; undefined where there are none.
 */
export function touchedFrom(
  db: Database,
  from: number,
  to: number,
  stretchesMax: number,
): { readonly lists: readonly string[]; readonly through: number | undefined } {
  const found = rows<{ through: number; first: number; subjects: string }>(
    db,
    'select through, first, subjects from changes.touched where through > @from order by through limit @stretchesMax',
    { from, stretchesMax },
  );
  const within = found.filter(({ first }) => first <= to);
  const through = within.length < stretchesMax ? undefined : within.at(-1)?.through;
  return { lists: within.map(({ subjects }) => subjects), through };
}
