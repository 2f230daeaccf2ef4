import type { Database, Statement } from 'better-sqlite3';
import { BulkInsert, type Value } from './bulk-insert.js';

/** What is counted: a row of texts (null: none) with a small number of its own, and its count as of every position at which it changed. */
export interface CountSpec {
  readonly table: string;
  readonly columns: readonly string[];
}

export function countSchema({ table, columns }: CountSpec): string {
  return `create table if not exists ${table} (id integer primary key, ${columns.join(', ')});
    create index if not exists ${table}_by on ${table} (${columns[0]});
    create table if not exists ${table}_count (id integer not null, position integer not null, count integer not null,
      primary key (id, position)) without rowid;`;
}

/** Selects every counted thing with its count at `@at`: `id, …columns, count`. */
export function countsAt({ table, columns }: CountSpec, schema: string): string {
  return `select id, ${columns.join(', ')}, coalesce((select count from ${schema}.${table}_count c
    where c.id = t.id and c.position <= @at order by c.position desc limit 1), 0) as count from ${schema}.${table} t`;
}

/** Writes counts: one row a change, never an update. Counted things are few and kept in memory. */
export class CountHistory {
  private readonly ids = new Map<string, number>();
  private readonly counts = new Map<number, number>();
  private lastId = 0;
  private pending: { id: number; position: number; count: number }[] = [];
  private readonly latest = new Map<number, { id: number; position: number; count: number }>();
  private readonly addThing: Statement;
  private readonly insert: BulkInsert;

  constructor(db: Database, { table, columns }: CountSpec) {
    this.addThing = db.prepare(`insert into ${table} values (?, ${columns.map(() => '?').join(', ')})`);
    this.insert = new BulkInsert(db, `${table}_count`, 3);
    const known = db
      .prepare(`select id, ${columns.join(', ')} from ${table}`)
      .raw()
      .all() as [number, ...Value[]][];
    const last = db.prepare(`select count from ${table}_count where id = ? order by position desc limit 1`).pluck();
    for (const [id, ...values] of known) {
      this.ids.set(JSON.stringify(values), id);
      this.counts.set(id, (last.get(id) as number | undefined) ?? 0);
      this.lastId = Math.max(this.lastId, id);
    }
  }

  /** The number of what is counted, given on the first call. */
  id(...values: readonly Value[]): number {
    const key = JSON.stringify(values);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = ++this.lastId;
    this.addThing.run(id, ...values);
    this.ids.set(key, id);
    return id;
  }

  add(position: number, id: number, change: number): void {
    const count = (this.counts.get(id) ?? 0) + change;
    this.counts.set(id, count);
    const latest = this.latest.get(id);
    if (latest?.position === position) latest.count = count;
    else {
      const row = { id, position, count };
      this.pending.push(row);
      this.latest.set(id, row);
    }
  }

  flush(): void {
    for (const { id, position, count } of this.pending) this.insert.add(id, position, count);
    this.insert.flush();
    this.pending = [];
    this.latest.clear();
  }
}
