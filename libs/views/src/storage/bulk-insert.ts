import type { Database, Statement } from 'better-sqlite3';

export type Value = string | number | null;

const rowsPerStatement = 32;

/** Inserts many rows with one statement: the call from JavaScript costs more than a row. What is left over waits for `flush`. */
export class BulkInsert {
  private readonly values: Value[];
  private filled = 0;
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
    this.values = Array.from({ length: columns * rowsPerStatement }, () => null);
  }

  add(...row: readonly Value[]): void {
    for (const value of row) this.value(value);
  }

  /** The next value of a row, column by column. */
  value(value: Value): void {
    this.values[this.filled++] = value;
    if (this.filled < this.values.length) return;
    this.filled = 0;
    this.many.run(this.values);
  }

  flush(): void {
    const { filled, columns } = this;
    this.filled = 0;
    for (let from = 0; from < filled; from += columns) this.one.run(this.values.slice(from, from + columns));
  }
}
