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

export type RowOf<Spec extends VersionedSpec> = { readonly [C in keyof Spec['columns']]: Value };
type Row = Readonly<Record<string, Value>>;

interface Entry {
  readonly key: readonly Value[];
  /** The current row; undefined where there is none. */
  row: Row | undefined;
  from: number;
  /** It is in the file, with an open end. */
  stored: boolean;
}

/** Most keys are met again at once or much later: what is kept for longer only makes work for the garbage collector. */
const entriesKeptMax = 4000;

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
    return this.entry(key).row as RowOf<Spec> | undefined;
  }

  /** Opens a row at this position, in the place of the current one. */
  put(position: number, key: readonly Value[], row: RowOf<Spec>): void {
    this.replace(position, this.entry(key), row);
  }

  /** Closes the current row at this position. */
  end(position: number, ...key: Value[]): void {
    this.replace(position, this.entry(key), undefined);
  }

  /** Promises that this key never had a row, which saves looking for one. */
  isNew(...key: Value[]): void {
    this.entries.set(idOf(key), { key, row: undefined, from: -1, stored: false });
  }

  flush(): void {
    for (const entry of this.touched) {
      if (entry.stored || !entry.row) continue;
      this.write(entry, entry.row, openEnd);
      entry.stored = true;
    }
    this.touched = [];
    this.insert.flush();
    if (this.entries.size > entriesKeptMax) this.entries.clear();
  }

  private replace(position: number, entry: Entry, row: Row | undefined): void {
    if (entry.row && entry.stored) {
      this.close.run(position, ...entry.key, entry.from);
      entry.stored = false;
      this.touched.push(entry);
    } else if (entry.row && entry.from < position) this.write(entry, entry.row, position);
    else if (!entry.row) this.touched.push(entry);
    entry.row = row;
    entry.from = position;
  }

  private write({ key, from }: Entry, row: Row, to: number): void {
    const { insert, columns } = this;
    for (const value of key) insert.value(value);
    insert.value(from);
    insert.value(to);
    for (const name of columns) insert.value(row[name] as Value);
  }

  private entry(key: readonly Value[]): Entry {
    const id = idOf(key);
    const known = this.entries.get(id);
    if (known) return known;
    const entry = this.stored(key);
    this.entries.set(id, entry);
    return entry;
  }

  private stored(key: readonly Value[]): Entry {
    const last = this.select.get(key) as [to: number, from: number, ...Value[]] | undefined;
    if (!last) return { key, row: undefined, from: -1, stored: false };
    const [to, from, ...values] = last;
    if (to !== openEnd) return { key, row: undefined, from, stored: false };
    return {
      key,
      row: Object.fromEntries(this.columns.map((name, n) => [name, values[n] as Value])),
      from,
      stored: true,
    };
  }
}

function idOf(key: readonly Value[]): Value {
  return key.length === 1 ? (key[0] as Value) : key.join('\u0000');
}
