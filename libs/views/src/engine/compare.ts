import { createHash, type Hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { ownTables, readCheckpoint } from './model-file.js';
import type { DifferingRow, ShownRow, ShownValue, TableVerdict, Verdict } from './verdict.js';

const differingRowsMax = 10;
const shownCharactersMax = 500;
/** Between two looks at whether to go on; the rows' texts gather meanwhile. */
const rowsPerTurn = 500;

type Cell = bigint | number | string | Buffer | null;
type Row = readonly Cell[];

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** The first so many columns are the key, in its order. */
  readonly keyColumns: number;
  readonly sql: string;
}

/** A file as it was at one moment, however it goes on. While it is open, the file's write-ahead log grows. */
export class Snapshot {
  private readonly db: Database.Database;
  readonly position: bigint;

  constructor(path: string) {
    this.db = new Database(path, { readonly: true, fileMustExist: true });
    this.db.exec('begin');
    this.position = BigInt(readCheckpoint(this.db).position);
  }

  /** The projection's own tables. A search index is compared by what it finds: how it stores that depends on how it was filled. */
  tables(): ReadonlyMap<string, Table> {
    const all = this.db.prepare(`select name, type from pragma_table_list where schema = 'main'`).all() as {
      name: string;
      type: string;
    }[];
    const own = all.filter(({ name }) => !name.startsWith('sqlite_') && !ownTables.includes(name));
    const tables = own.flatMap(({ name, type }) =>
      type === 'table' ? [this.table(name)] : type === 'virtual' ? [this.postings(name)] : [],
    );
    return new Map(tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((table) => [table.name, table]));
  }

  rows(table: Table): IterableIterator<Row> {
    return this.db.prepare(table.sql).raw().safeIntegers().iterate() as IterableIterator<Row>;
  }

  close(): void {
    this.db.close();
  }

  private table(name: string): Table {
    const all = this.db.prepare('select name, pk from pragma_table_info(?)').all(name) as {
      name: string;
      pk: number;
    }[];
    const key = all.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
    const keyNames = key.length > 0 ? key.map((column) => column.name) : ['rowid'];
    const columns = [...keyNames, ...all.filter(({ pk }) => pk === 0).map((column) => column.name)];
    const sql = `select ${columns.map(quoted).join(', ')} from ${quoted(name)} order by ${keyNames.map(quoted).join(', ')}`;
    return { name, columns, keyColumns: keyNames.length, sql };
  }

  private postings(name: string): Table {
    const vocabulary = `temp.${quoted(`${name}_postings`)}`;
    this.db.exec(`create virtual table ${vocabulary} using fts5vocab('main', ${quoted(name)}, 'instance')`);
    // Within a term the index gives the rows in their order by itself; asked for it, SQLite would sort all of them again.
    const sql = `select term, doc from ${vocabulary} order by term`;
    return { name, columns: ['term', 'row'], keyColumns: 2, sql };
  }
}

/** Compares two files at the same position, table by table, a few rows at a time. Undefined where it was told to stop. */
export async function compareModels(
  before: Snapshot,
  after: Snapshot,
  stop: AbortSignal,
): Promise<Verdict | undefined> {
  if (before.position !== after.position)
    throw new Error(`the one is at ${before.position}, the other at ${after.position}: nothing can be compared`);
  const old = before.tables();
  const made = after.tables();
  const tables: TableVerdict[] = [];
  for (const name of new Set([...old.keys(), ...made.keys()])) {
    const verdict = await compareTable(before, old.get(name), after, made.get(name), stop);
    if (!verdict) return undefined;
    tables.push(verdict);
  }
  return { position: before.position, same: tables.every(({ same }) => same), tables };
}

async function compareTable(
  before: Snapshot,
  old: Table | undefined,
  after: Snapshot,
  made: Table | undefined,
  stop: AbortSignal,
): Promise<TableVerdict | undefined> {
  const table = made ?? old;
  if (!table) throw new Error('there is no such table');
  const digests = { old: new Digest(old), new: new Digest(made) };
  const first: DifferingRow[] = [];
  let differing = 0;
  let turn = 0;
  const olds = cursor(old && before.rows(old));
  const news = cursor(made && after.rows(made));
  const differ = (oldRow: Row | undefined, newRow: Row | undefined): void => {
    differing++;
    if (first.length >= differingRowsMax) return;
    const row = newRow ?? oldRow ?? [];
    first.push({
      key: shown(table.columns.slice(0, table.keyColumns), row),
      old: oldRow && old ? shown(old.columns, oldRow) : null,
      new: newRow && made ? shown(made.columns, newRow) : null,
    });
  };
  while (olds.row || news.row) {
    const { row: oldRow } = olds;
    const { row: newRow } = news;
    const order = !oldRow ? 1 : !newRow ? -1 : compareKeys(oldRow, newRow, table.keyColumns);
    const oldText = oldRow && order <= 0 ? encoded(oldRow) : undefined;
    const isSame = order === 0 && oldRow && newRow && sameCells(oldRow, newRow);
    const newText = isSame ? oldText : newRow && order >= 0 ? encoded(newRow) : undefined;
    digests.old.add(oldText);
    digests.new.add(newText);
    if (!isSame) differ(order <= 0 ? oldRow : undefined, order >= 0 ? newRow : undefined);
    if (order <= 0) olds.next();
    if (order >= 0) news.next();
    if (++turn % rowsPerTurn !== 0) continue;
    await nextTurn();
    if (!stop.aborted) continue;
    olds.end();
    news.end();
    return undefined;
  }
  const digest = { old: digests.old.end(), new: digests.new.end() };
  const rows = { old: digests.old.rows, new: digests.new.rows };
  return { table: table.name, same: digest.old === digest.new, rows, digest, differing, first };
}

/** SHA-256 over rows, each value with its type and length, so that no two tables read the same. */
class Digest {
  rows = 0;
  private readonly hash: Hash = createHash('sha256');
  private waiting = '';

  constructor(table: Table | undefined) {
    this.hash.update(JSON.stringify(table?.columns ?? null));
  }

  /** A row, encoded. */
  add(row: string | undefined): void {
    if (row === undefined) return;
    this.rows++;
    this.waiting += row;
    if (this.rows % rowsPerTurn === 0) this.flush();
  }

  end(): string {
    this.flush();
    return this.hash.digest('hex');
  }

  private flush(): void {
    this.hash.update(this.waiting);
    this.waiting = '';
  }
}

function encoded(row: Row): string {
  let text = '';
  for (const cell of row) text += encodedCell(cell);
  return `${text}\n`;
}

function encodedCell(cell: Cell): string {
  if (cell === null) return 'n';
  if (typeof cell === 'string') return `t${cell.length}:${cell}`;
  if (typeof cell === 'bigint') return `i${cell};`;
  if (typeof cell === 'number') return `r${cell};`;
  return `b${cell.length}:${cell.toString('hex')}`;
}

function cursor(rows: IterableIterator<Row> | undefined) {
  const step = (): Row | undefined => {
    const next = rows?.next();
    return next && !next.done ? next.value : undefined;
  };
  const place = { row: step(), next: () => (place.row = step()), end: () => rows?.return?.() };
  return place;
}

function compareKeys(a: Row, b: Row, columns: number): number {
  for (let column = 0; column < columns; column++) {
    const order = compareCells(a[column] as Cell, b[column] as Cell);
    if (order !== 0) return order;
  }
  return 0;
}

/** As SQLite orders: nothing, numbers, texts by their bytes, bytes. */
function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  const rank = classOf(a) - classOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
  if (a === null || b === null) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

function classOf(cell: Cell): number {
  if (cell === null) return 0;
  if (typeof cell === 'string') return 2;
  return Buffer.isBuffer(cell) ? 3 : 1;
}

function sameCells(a: Row, b: Row): boolean {
  if (a.length !== b.length) return false;
  return a.every((cell, index) => {
    const other = b[index];
    return cell === other || (Buffer.isBuffer(cell) && Buffer.isBuffer(other) && cell.equals(other));
  });
}

function shown(columns: readonly string[], row: Row): ShownRow {
  return Object.fromEntries(columns.map((name, index) => [name, shownCell(row[index] ?? null)]));
}

function shownCell(cell: Cell): ShownValue {
  if (cell === null || typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : `${cell}`;
  const text = typeof cell === 'string' ? cell : cell.toString('hex');
  return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax).toWellFormed()}…` : text;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
