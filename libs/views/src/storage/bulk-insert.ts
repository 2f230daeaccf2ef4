import type { Database, Statement } from 'better-sqlite3';

export type Value = string | number | null;

const rowsPerStatement = 32;

/** Collects rows and inserts many of them with one statement: the call from JavaScript costs more than a row. */
export class BulkInsert {
  private values: Value[] = [];
  private readonly one: Statement;
  private readonly many: Statement;

  constructor(
    db: Database,
    table: string,
    private readonly columns: number,
  ) {
    const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
    this.one = db.prepare(`insert into ${table} values ${row}`);
    this.many = db.prepare(
      `insert into ${table} values ${Array.from({ length: rowsPerStatement }, () => row).join(', ')}`,
    );
  }

  add(...row: readonly Value[]): void {
    for (const value of row) this.values.push(value);
  }

  flush(): void {
    const { values, columns } = this;
    this.values = [];
    const step = columns * rowsPerStatement;
    let from = 0;
    for (; from + step <= values.length; from += step) this.many.run(values.slice(from, from + step));
    for (; from < values.length; from += columns) this.one.run(values.slice(from, from + columns));
  }
}
