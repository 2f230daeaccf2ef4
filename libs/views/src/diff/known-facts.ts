import type { Database } from 'better-sqlite3';
import type { Subject } from '#kernel';
import { rows } from '../storage/prepared.js';

/** What is recorded of a subject, by the names that the views use; lists are sorted. */
export interface KnownFacts {
  readonly subject: Subject;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** By id, ignoring case; what was not there is absent. */
export type FactsOf = (db: Database, at: number, ids: readonly string[]) => ReadonlyMap<string, KnownFacts>;

/** By the name that a row has for it, the column. */
type Columns<Row> = { readonly [Name in keyof Row]: string };

/** The versioned rows of these keys that hold at a position, each by a seek however often it has changed; `n`: the key's place in the list. */
export function latest<Row>(
  db: Database,
  at: number,
  table: string,
  key: readonly string[],
  columns: Columns<Row>,
  keys: readonly (readonly (string | number)[])[],
): readonly (Row & { readonly n: number })[] {
  const same = (alias: string): string => key.map((column, n) => `${alias}.${column} = k.value ->> ${n}`).join(' and ');
  const wanted = Object.entries<string>(columns).map(([name, column]) => `t.${column} as ${name}`);
  const sql = `select k.key as n, ${wanted.join(', ')}
     from json_each(@keys) k cross join ${table} t on ${same('t')}
       and t.valid_from = (select max(v.valid_from) from ${table} v where ${same('v')} and v.valid_from <= @at)
     where t.valid_to > @at`;
  return rows(db, sql, { at, keys: JSON.stringify(keys) }) as readonly (Row & { n: number })[];
}

export const single = (ids: readonly string[]): readonly (readonly string[])[] => ids.map((id) => [id]);

export function toFacts<Row extends { readonly n: number }>(
  found: readonly Row[],
  ids: readonly string[],
  toKnown: (row: Row) => KnownFacts,
): ReadonlyMap<string, KnownFacts> {
  return new Map(found.map((row) => [ids[row.n] ?? '', toKnown(row)]));
}

export function each(
  ids: readonly string[],
  factsOf: (id: string) => KnownFacts | undefined,
): ReadonlyMap<string, KnownFacts> {
  const found = ids.map((id) => [id, factsOf(id)] as const);
  return new Map(found.filter((entry): entry is [string, KnownFacts] => entry[1] !== undefined));
}
