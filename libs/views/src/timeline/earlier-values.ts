import type { Database } from 'better-sqlite3';
import { itemsFound } from './blocks.js';
import { changedIn } from './search-expression.js';
import type { StoredItem } from './stored-item.js';
import { foldValue } from './tokens.js';

/** A field that differs after a command from before it. */
export interface Change {
  readonly subject: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What an item changed. Where its events don't tell what was before, the last item before it that set the field does. */
export function changesIn(db: Database, item: StoredItem): readonly Change[] {
  const untold = Map.groupBy(
    item.assignments.filter(({ before }) => before === undefined),
    ({ subject }) => subject,
  );
  const earlier = new Map(
    Array.from(untold, ([subject, assignments]) => [
      subject,
      earlierValues(db, subject, new Set(assignments.map(({ field }) => field)), item.position),
    ]),
  );
  return item.assignments
    .map(({ subject, field, before = earlier.get(subject)?.get(field) ?? null, after }) => ({
      subject,
      field,
      before,
      after,
    }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}

/** The values that fields of a subject had before a position. */
function earlierValues(db: Database, subject: string, wanted: Set<string>, position: number): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const same = foldValue(subject);
  const earlier = { at: position - 1, low: 0, high: position - 1 };
  for (const { assignments } of itemsFound(db, changedIn(same), earlier)) {
    for (const { subject, field, after } of assignments)
      if (wanted.has(field) && foldValue(subject) === same) {
        found.set(field, after);
        wanted.delete(field);
      }
    if (wanted.size === 0) break;
  }
  return found;
}
