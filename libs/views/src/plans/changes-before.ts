import type { Database } from 'better-sqlite3';
import { foldCase } from '#kernel';
import { factsAt } from '../diff/facts-at.js';
import type { KnownFacts } from '../diff/known-facts.js';
import { changesOf, merged } from '../timeline/changes-of.js';
import type { Change } from '../timeline/earlier-values.js';

interface Told {
  readonly type: string;
  readonly data: object;
}

/** What stands in a field of a subject, by its folded name, once the lists before one are done; undefined where none of them changes it. */
export type LeftBefore = (list: number, subject: string, field: string) => unknown;

/** What lists of events would change, each list on what was recorded at a position and on what the lists before it leave. */
export function changesBefore(
  db: Database,
  at: number,
  lists: readonly (readonly Told[])[],
  leftBefore: LeftBefore,
): readonly (readonly Change[])[] {
  const assigned = lists.map((events) =>
    merged(events.flatMap(({ type, data }) => changesOf(type, data as Readonly<Record<string, unknown>>))),
  );
  const untold = assigned.flat().filter(({ before }) => before === undefined);
  const known = factsAt(db, at, [...new Set(untold.map(({ subject }) => foldCase(subject)))]);
  const beforeOf = (list: number, subject: string, field: string): unknown => {
    const key = foldCase(subject);
    const left = leftBefore(list, key, field);
    return left === undefined ? factOf(known.get(key), field) : left;
  };
  return assigned.map((assignments, list) =>
    assignments.map(({ subject, field, after, before = beforeOf(list, subject, field) }) => ({
      subject,
      field,
      before,
      after,
    })),
  );
}

/** A user's clients stand in one list; they change one by one. */
function factOf(known: KnownFacts | undefined, field: string): unknown {
  if (!known) return null;
  const client = /^client (.+)$/.exec(field)?.[1];
  if (client === undefined) return known.facts[field] ?? null;
  const clients = known.facts['clients'] as readonly { readonly client: string; readonly deployment: string }[];
  return clients.find((each) => each.client === client)?.deployment ?? null;
}
