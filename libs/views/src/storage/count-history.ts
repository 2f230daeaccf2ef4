import type { Database, Statement } from 'better-sqlite3';
import type { Value } from './bulk-insert.js';

/** What is counted: a row of texts (null: none) with a small number of its own, and its count as of every position at which it changed. */
export interface CountSpec {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Of one row: few enough that reading as of its middle costs next to nothing, enough that writing them does. */
const changesPerRow = 32;

// A row has consecutive changes, each as `position - first + 1`, negative where the count fell.
export function countSchema({ table, columns }: CountSpec): string {
  return `create table if not exists ${table} (id integer primary key, ${columns.join(', ')});
    create index if not exists ${table}_by on ${table} (${columns[0]});
    create table if not exists ${table}_count (id integer not null, first integer not null, last integer not null,
      before integer not null, count integer not null, changes text not null, primary key (id, first)) without rowid;`;
}

/** Selects every counted thing with its count at `@at`: `id, …columns, count`. */
export function countsAt({ table, columns }: CountSpec, schema: string): string {
  return `select id, ${columns.join(', ')}, coalesce((
      select case when c.last <= @at then c.count else c.before + (
        select sum(sign(value)) from json_each(c.changes) where abs(value) <= @at - c.first + 1) end
      from ${schema}.${table}_count c where c.id = t.id and c.first <= @at order by c.first desc limit 1), 0) as count
    from ${schema}.${table} t`;
}

/** Selects every counted thing with the position at which its count last changed up to `@at`, null where it never did: `id, …columns, position`. */
export function lastChangesAt({ table, columns }: CountSpec, schema: string): string {
  return `select id, ${columns.join(', ')}, (
      select case when c.last <= @at then c.last else c.first - 1 + (
        select max(abs(value)) from json_each(c.changes) where abs(value) <= @at - c.first + 1) end
      from ${schema}.${table}_count c where c.id = t.id and c.first <= @at order by c.first desc limit 1) as position
    from ${schema}.${table} t`;
}

interface Stretch {
  readonly id: number;
  readonly first: number;
  last: number;
  readonly before: number;
  count: number;
  readonly changes: number[];
  written: boolean;
}

type Known = Map<Value, Known | number>;

/** Writes counts: one row for so many changes, however they come in batches. Counted things are few and kept in memory. */
export class CountHistory {
  /** The number of what is counted, value by value. */
  private readonly ids: Known = new Map();
  /** The last stretch of each. */
  private readonly stretches = new Map<number, Stretch>();
  private unwritten: Stretch[] = [];
  private lastId = 0;
  private readonly addThing: Statement;
  private readonly put: Statement;

  constructor(db: Database, { table, columns }: CountSpec) {
    this.addThing = db.prepare(`insert into ${table} values (?, ${columns.map(() => '?').join(', ')})`);
    this.put = db.prepare(`insert or replace into ${table}_count values (?, ?, ?, ?, ?, ?)`);
    const known = db
      .prepare(`select id, ${columns.join(', ')} from ${table}`)
      .raw()
      .all() as [number, ...Value[]][];
    const last = db.prepare(`select * from ${table}_count where id = ? order by first desc limit 1`);
    for (const [id, ...values] of known) {
      this.name(values, id);
      const stored = last.get(id) as (Omit<Stretch, 'changes'> & { readonly changes: string }) | undefined;
      if (stored) this.stretches.set(id, { ...stored, changes: JSON.parse(stored.changes) as number[], written: true });
      this.lastId = Math.max(this.lastId, id);
    }
  }

  /** The number of what is counted, given on the first call. */
  id(...values: readonly Value[]): number {
    let level: Known | number | undefined = this.ids;
    for (const value of values) level = (level as Known | undefined)?.get(value);
    if (level !== undefined) return level as number;
    const id = ++this.lastId;
    this.addThing.run(id, ...values);
    this.name(values, id);
    return id;
  }

  add(position: number, id: number, change: 1 | -1): void {
    const latest = this.stretches.get(id);
    const stretch = latest && latest.changes.length < changesPerRow ? latest : this.next(position, id, latest);
    stretch.changes.push(change * (position - stretch.first + 1));
    stretch.last = position;
    stretch.count += change;
    if (!stretch.written) return;
    stretch.written = false;
    this.unwritten.push(stretch);
  }

  flush(): void {
    for (const stretch of this.unwritten) {
      const { id, first, last, before, count, changes } = stretch;
      this.put.run(id, first, last, before, count, JSON.stringify(changes));
      stretch.written = true;
    }
    this.unwritten = [];
  }

  private next(position: number, id: number, latest: Stretch | undefined): Stretch {
    const before = latest?.count ?? 0;
    const stretch = { id, first: position, last: position, before, count: before, changes: [], written: true };
    this.stretches.set(id, stretch);
    return stretch;
  }

  private name(values: readonly Value[], id: number): void {
    let level = this.ids;
    for (const value of values.slice(0, -1)) {
      const next = (level.get(value) as Known | undefined) ?? (new Map() as Known);
      level.set(value, next);
      level = next;
    }
    level.set(values.at(-1) ?? null, id);
  }
}
