import { readThrough, type Row, rowScanner, sameName, type FileForm, type RunKind } from '#runs';
import type { PlannedRow, RowsPlanned } from './planned-rows.js';

/** Of a row's cells or members together: a plan keeps each row as it was sent. */
export const rowCharactersMax = 64_000;
const pageRowsMax = 250;

type Kept = Pick<PlannedRow, 'cells' | 'fields' | 'unread' | 'line'>;

/** A row with all that its file says of it. */
export interface WholeRow extends Row {
  /** The fields of a record as they are, or the text of a JSON line. */
  readonly record?: readonly string[] | undefined;
}

/** Why a row is too long to be kept; undefined where it is not. */
export function tooLong({ record = [], fields }: WholeRow): string | undefined {
  const characters = fields ? JSON.stringify(fields).length : record.reduce((sum, field) => sum + field.length, 0);
  return characters > rowCharactersMax
    ? `the row has ${characters} characters, and a plan keeps rows of at most ${rowCharactersMax}; shorten it`
    : undefined;
}

/** How the rows of a file are kept: the cells of its columns, whether its kind reads them or not, or objects. */
export class RowForm {
  /** Where the file has each of the kind's columns; -1 where it has not. */
  private readonly places: readonly number[];

  constructor(
    kind: RunKind,
    readonly columns: readonly string[],
  ) {
    this.places = kind.columns.map(({ name }) => columns.findIndex((column) => sameName(column, name)));
  }

  /** What of a row a plan keeps, so that a run can do it, or give it back; of one that is too long, nothing but where it stood. */
  kept(row: WholeRow, isOfFile: boolean): Kept {
    const { record = [], fields, line, problem } = row;
    const itself =
      problem === undefined ? (fields ? { fields } : { cells: record }) : !tooLong(row) && { unread: record };
    return { ...itself, ...(isOfFile && { line }) };
  }

  row(number: number, kept: Kept & Pick<PlannedRow, 'message'>): WholeRow {
    const { cells, fields, unread, line = number, message = 'the row was not kept' } = kept;
    if (fields) return { number, line, cells: [], fields };
    if (!cells) return { number, line, cells: [], problem: message, record: unread };
    return { number, line, cells: this.places.map((place) => cells[place]?.trim()), record: cells };
  }
}

/** Rows of one command, for each of these users. */
export async function* userRows(
  form: RowForm,
  others: readonly string[],
  users: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly WholeRow[]> {
  let number = 0;
  for await (const page of users) yield page.map((user) => form.row(++number, { cells: [user, ...others] }));
}

/** The rows of a stored file. */
export async function* rowsIn(path: string, form: FileForm, kind: RunKind): AsyncGenerator<readonly WholeRow[]> {
  let number = 0;
  for await (const scanner of readThrough(path, rowScanner(form, kind))) {
    let page: WholeRow[] = [];
    while (scanner.next()) {
      page.push({ ...scanner.row(++number), record: scanner.record() });
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
): AsyncGenerator<readonly WholeRow[]> {
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
