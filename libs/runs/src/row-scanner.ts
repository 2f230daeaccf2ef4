import { Columns } from './csv-file.js';
import { type CsvFormat, CsvReader } from './csv-reader.js';
import { JsonLinesReader, parseLine } from './json-lines.js';
import type { Row, RunKind } from './run-kind.js';

/** How a file is written: what it takes to write its failed rows in the same way. */
export type FileFormat =
  | ({ readonly form: 'csv' } & Pick<CsvFormat, 'encoding' | 'bom' | 'delimiter' | 'newline'>)
  | ({ readonly form: 'json-lines' } & Pick<CsvFormat, 'encoding' | 'bom'>);

export type FileForm = FileFormat['form'];

/** Finds the rows of a file, of whatever form, in bytes that come in pieces. */
export interface RowScanner {
  /** Takes more of the file; then `next` is to be called until it says false. @throws {BadFile} */
  push(bytes: Uint8Array): void;
  /** The file ends here. @throws {BadFile} */
  finish(): void;
  /** Goes to the next row; false where there is none yet. @throws {BadFile} */
  next(): boolean;
  /** File line on which the row at hand begins. */
  readonly line: number;
  /** The row at hand as the `number`th of the file, from 1. */
  row(number: number): Row;
  /** The fields of the row at hand, one per column of the file where it has as many; of a JSON line its text alone. */
  record(): readonly string[];
  /** Known once the file has ended. */
  readonly format: FileFormat;
  /** Those of the kind's columns that the file has. */
  readonly columns: readonly string[];
  /** All columns of the file, but what an earlier failed file said of its rows. */
  readonly header: readonly string[];
  /** The `#TYPE …` line before the header of a CSV. */
  readonly typeLine: string | null;
}

/** What the columns of a file are to be. */
type ColumnsOfKind = Pick<RunKind, 'columns' | 'onlyTheseColumns' | 'refuseColumns'>;

export function rowScanner(form: FileForm, kind: ColumnsOfKind): RowScanner {
  return form === 'csv' ? new CsvRows(kind) : new JsonRows();
}

class CsvRows implements RowScanner {
  private readonly reader = new CsvReader();
  private known: Columns | undefined;

  constructor(private readonly kind: ColumnsOfKind) {}

  push(bytes: Uint8Array): void {
    this.reader.push(bytes);
  }

  finish(): void {
    this.reader.finish();
  }

  next(): boolean {
    const there = this.reader.next();
    if (!this.known && this.reader.headerRead) this.known = new Columns(this.kind, this.reader.format);
    return there;
  }

  get line(): number {
    return this.reader.line;
  }

  row(number: number): Row {
    return this.columnsRead.row(this.reader, number);
  }

  record(): readonly string[] {
    return this.columnsRead.withoutError(this.reader);
  }

  get format(): FileFormat {
    const { encoding, bom, delimiter, newline } = this.reader.format;
    return { form: 'csv', encoding, bom, delimiter, newline };
  }

  get columns(): readonly string[] {
    return this.columnsRead.found;
  }

  get header(): readonly string[] {
    return this.columnsRead.header;
  }

  get typeLine(): string | null {
    return this.reader.format.typeLine;
  }

  private get columnsRead(): Columns {
    if (!this.known) throw new Error('the header was not read yet');
    return this.known;
  }
}

class JsonRows implements RowScanner {
  /** Each line names its own. */
  readonly columns = [];
  readonly header = [];
  readonly typeLine = null;
  private readonly reader = new JsonLinesReader();

  push(bytes: Uint8Array): void {
    this.reader.push(bytes);
  }

  finish(): void {
    this.reader.finish();
  }

  next(): boolean {
    return this.reader.next();
  }

  get line(): number {
    return this.reader.line;
  }

  row(number: number): Row {
    return { number, line: this.line, cells: [], ...parseLine(this.reader.text) };
  }

  record(): readonly string[] {
    return [this.reader.text];
  }

  get format(): FileFormat {
    const { encoding, bom } = this.reader;
    return { form: 'json-lines', encoding, bom };
  }
}
