import type { Database, Statement } from 'better-sqlite3';
import { openEnd } from '../view.js';
import { BulkInsert, type Value } from './bulk-insert.js';

type Columns = Readonly<Record<string, 'integer' | 'text'>>;

/** Rows that hold from a position on until another one, by key. */
export interface VersionedSpec {
  readonly table: string;
  readonly key: Columns;
  readonly columns: Columns;
  /** Column lists, such as `group_id, valid_to`. */
  readonly indexes?: readonly string[];
}

type RowOf<Spec extends VersionedSpec> = { readonly [C in keyof Spec['columns']]: Value };

interface Entry {
  readonly key: readonly Value[];
  /** The current row's values in column order; undefined where there is none. */
  values: readonly Value[] | undefined;
  from: number;
  /** It is in the file, with an open end. */
  stored: boolean;
}

const entriesKeptMax = 20_000;

export function versionedSchema({ table, key, columns, indexes = [] }: VersionedSpec): string {
  const typed = (list: Columns): string[] => Object.entries(list).map(([name, type]) => `${name} ${type}`);
  const all = [...typed(key), 'valid_from integer not null', 'valid_to integer not null', ...typed(columns)];
  return [
    `create table if not exists ${table} (${all.join(', ')},
      primary key (${[...Object.keys(key), 'valid_from'].join(', ')})) without rowid;`,
    ...indexes.map((on, index) => `create index if not exists ${table}_${index} on ${table} (${on});`),
  ].join('\n');
}

/**
 * Writes versioned rows. Within a batch everything stays in memory: a row that is opened and closed in it is written once, with
 * both its bounds. `flush` ends the batch.
 */
export class VersionedTable<Spec extends VersionedSpec> {
  private readonly entries = new Map<Value, Entry>();
  private touched: Entry[] = [];
  private readonly columns: readonly string[];
  private readonly select: Statement;
  private readonly insert: BulkInsert;
  private readonly close: Statement;

  constructor(db: Database, spec: Spec) {
    this.columns = Object.keys(spec.columns);
    const keys = Object.keys(spec.key);
    const where = keys.map((name) => `${name} = ?`).join(' and ');
    this.select = db
      .prepare(
        `select valid_to, valid_from, ${this.columns.join(', ') || 'null'} from ${spec.table} where ${where} order by valid_from desc limit 1`,
      )
      .raw();
    this.insert = new BulkInsert(db, spec.table, keys.length + 2 + this.columns.length);
    this.close = db.prepare(`update ${spec.table} set valid_to = ? where ${where} and valid_from = ?`);
  }

  /** The current row. */
  current(...key: Value[]): RowOf<Spec> | undefined {
    const { values } = this.entry(key);
    return values && (Object.fromEntries(this.columns.map((name, index) => [name, values[index]])) as RowOf<Spec>);
  }

  /** Opens a row at this position, in the place of the current one. */
  put(position: number, key: readonly Value[], row: RowOf<Spec>): void {
    this.replace(
      position,
      this.entry(key),
      this.columns.map((name) => row[name] as Value),
    );
  }

  /** Closes the current row at this position. */
  end(position: number, ...key: Value[]): void {
    this.replace(position, this.entry(key), undefined);
  }

  /** Promises that this key never had a row, which saves looking for one. */
  isNew(...key: Value[]): void {
    this.entries.set(idOf(key), { key, values: undefined, from: -1, stored: false });
  }

  flush(): void {
    for (const entry of this.touched) {
      if (entry.stored || !entry.values) continue;
      this.insert.add(...entry.key, entry.from, openEnd, ...entry.values);
      entry.stored = true;
    }
    this.touched = [];
    this.insert.flush();
    if (this.entries.size > entriesKeptMax) this.entries.clear();
  }

  private replace(position: number, entry: Entry, values: readonly Value[] | undefined): void {
    if (entry.values && entry.stored) {
      this.close.run(position, ...entry.key, entry.from);
      entry.stored = false;
      this.touched.push(entry);
    } else if (entry.values && entry.from < position)
      this.insert.add(...entry.key, entry.from, position, ...entry.values);
    else if (!entry.values) this.touched.push(entry);
    entry.values = values;
    entry.from = position;
  }

  private entry(key: readonly Value[]): Entry {
    const id = idOf(key);
    const known = this.entries.get(id);
    if (known) return known;
    const stored = this.select.get(key) as [to: number, from: number, ...Value[]] | undefined;
    const open = stored?.[0] === openEnd;
    const entry: Entry = { key, values: open ? stored.slice(2) : undefined, from: stored?.[1] ?? -1, stored: open };
    this.entries.set(id, entry);
    return entry;
  }
}

function idOf(key: readonly Value[]): Value {
  return key.length === 1 ? (key[0] as Value) : key.join('\u0000');
}
