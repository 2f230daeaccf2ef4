import { readThrough, type Row, rowScanner, type FileForm, type RunKind } from '#runs';
import type { PlannedRow, RowsPlanned } from './planned-rows.js';

/** Of a row's cells or members together: a plan keeps each row as it was sent. */
export const rowCharactersMax = 64_000;
const pageRowsMax = 250;

type Kept = Pick<PlannedRow, 'cells' | 'fields' | 'line'>;

/** Why a row is too long to be kept; undefined where it is not. */
export function tooLong({ cells, fields }: Row): string | undefined {
  const characters = fields ? JSON.stringify(fields).length : cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
  return characters > rowCharactersMax
    ? `the row has ${characters} characters, and a plan keeps rows of at most ${rowCharactersMax}; shorten it`
    : undefined;
}

/** How the rows of a kind are kept: the cells of some of its columns, in an order of their own, or objects. */
export class RowForm {
  /** Where the kind has each of the columns. */
  private readonly places: readonly number[];

  constructor(
    private readonly kind: RunKind,
    readonly columns: readonly string[],
  ) {
    this.places = columns.map((name) => kind.columns.findIndex((column) => column.name === name));
    if (this.places.includes(-1)) throw new Error(`${columns.join(', ')} are not all columns of ${kind.kind}`);
  }

  /** What of a row a plan keeps, so that a run can do it; of one that cannot be read, nothing but where it stood. */
  kept({ cells, fields, line, problem }: Row, isOfFile: boolean): Kept {
    const itself = fields ? { fields } : { cells: this.places.map((place) => cells[place] ?? '') };
    return { ...(problem === undefined && itself), ...(isOfFile && { line }) };
  }

  row(number: number, { cells, fields, line = number, message }: Kept & Pick<PlannedRow, 'message'>): Row {
    if (fields) return { number, line, cells: [], fields };
    if (!cells) return { number, line, cells: [], problem: message ?? 'the row was not kept' };
    return { number, line, cells: this.kind.columns.map((_, place) => cells[this.places.indexOf(place)]) };
  }
}

/** Rows of one command, for each of these users. */
export async function* userRows(
  form: RowForm,
  others: readonly string[],
  users: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly Row[]> {
  let number = 0;
  for await (const page of users) yield page.map((user) => form.row(++number, { cells: [user, ...others] }));
}

/** The rows of a stored file. */
export async function* rowsIn(path: string, form: FileForm, kind: RunKind): AsyncGenerator<readonly Row[]> {
  let number = 0;
  for await (const scanner of readThrough(path, rowScanner(form, kind))) {
    let page: Row[] = [];
    while (scanner.next()) {
      page.push(scanner.row(++number));
      if (page.length < pageRowsMax) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }
}

/** The rows that an earlier plan has kept. */
export async function* rowsKept(
  form: RowForm,
  chunks: AsyncIterable<RowsPlanned['data']>,
): AsyncGenerator<readonly Row[]> {
  for await (const { rows } of chunks) yield rows.map((row) => form.row(row.row, row));
}

/** A command's fields as the cells of a CSV, by name; those not given are left out. */
export function cellsOf(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value != null)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(' ') : String(value)]),
  );
}
