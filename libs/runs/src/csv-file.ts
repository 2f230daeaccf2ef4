import type { CsvFormat, CsvReader } from './csv-reader.js';
import { BadFile } from './errors.js';
import type { Column, Row, RunKind } from './run-kind.js';

/** The column of `failed.csv` that says what was wrong. In an upload it is passed over. */
export const errorColumn = 'Error';

export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Which of the file's columns a kind reads. */
export class Columns {
  /** Fields that a row has, the error column aside. */
  readonly width: number;
  /** Where the error column stands; -1 where there is none. */
  readonly errorAt: number;
  /** Of a row that lacks one field, the error or another. Beside its fields it fills a row, and still says that it does not. */
  private readonly oneShort: string;
  private readonly wanted: readonly Column[];
  private readonly places: readonly number[];

  /** @throws {BadFile} for a column that is missing, there twice, or of no use where that is a mistake */
  constructor(
    kind: Pick<RunKind, 'columns' | 'onlyTheseColumns' | 'refuseColumns'>,
    private readonly format: CsvFormat,
  ) {
    const { columns: wanted, onlyTheseColumns = false } = kind;
    this.wanted = wanted;
    const { header, headerLine: line } = format;
    const seen = new Set<string>();
    for (const name of header) {
      if (name !== '' && seen.has(name.toLowerCase())) {
        const message = `is named twice in line ${line}; name each column once`;
        throw new BadFile({ field: name.slice(0, 100), line, message });
      }
      seen.add(name.toLowerCase());
    }
    if (onlyTheseColumns) assertOnly(wanted, format);
    const place = (wanted: string): number => header.findIndex((name) => sameName(name, wanted));
    const missing = wanted.find(({ name, required }) => required && place(name) === -1);
    if (missing) {
      const found = header.slice(0, 60).join(', ').slice(0, 300);
      const message = `is missing; the columns that line ${line} names are ${found}`;
      throw new BadFile({ field: missing.name, line, message });
    }
    this.places = wanted.map(({ name }) => place(name));
    this.errorAt = place(errorColumn);
    this.width = header.length - (this.errorAt === -1 ? 0 : 1);
    this.oneShort = raggedRow(this.width, header.length);
    const refused = kind.refuseColumns?.(this.found);
    if (refused !== undefined) throw new BadFile({ field: 'file', line, message: refused });
  }

  /** All columns of the file, the error column aside. */
  get header(): readonly string[] {
    return this.format.header.filter((_, index) => index !== this.errorAt);
  }

  /** Those of the kind's columns that the file has. */
  get found(): readonly string[] {
    return this.wanted.filter((_, index) => this.places[index] !== -1).map(({ name }) => name);
  }

  row(reader: CsvReader, number: number): Row {
    const { line } = reader;
    if (this.isWhole(reader)) {
      const cells = this.places.map((place) => (place === -1 ? undefined : reader.field(place).trim()));
      return { number, line, cells };
    }
    const fields = this.withoutError(reader).length;
    const problem = fields === this.width ? this.oneShort : raggedRow(fields, this.width);
    return { number, line, cells: [], problem };
  }

  /** It has a field for each column; one that merely says what was wrong before may be left out at the end. */
  private isWhole(reader: CsvReader): boolean {
    const { length } = this.format.header;
    if (reader.width === length) return this.errorAt === -1 || reader.field(this.errorAt) !== this.oneShort;
    const isErrorLeftOut = reader.width === length - 1 && this.errorAt === length - 1;
    return isErrorLeftOut && !reader.field(reader.width - 1).startsWith(raggedStart);
  }

  /** All fields of the record at hand, without what an earlier `failed.csv` said of it. */
  withoutError(reader: CsvReader): readonly string[] {
    const fields = Array.from({ length: reader.width }, (_, index) => reader.field(index));
    if (this.errorAt === -1) return fields;
    // In a row with too few or too many fields the error is the last one, wherever its column stands.
    if (reader.width === this.format.header.length) fields.splice(this.errorAt, 1);
    else if (fields.at(-1)?.startsWith(raggedStart)) fields.pop();
    return fields;
  }
}

function assertOnly(wanted: readonly Column[], { header, headerLine: line }: CsvFormat): void {
  const names = wanted.map(({ name }) => name);
  const stray = header.findIndex((name) => ![...names, errorColumn].some((known) => sameName(known, name)));
  if (stray === -1) return;
  const right = `the columns are ${names.join(', ')}`;
  const name = header[stray] ?? '';
  throw new BadFile(
    name === ''
      ? { field: 'file', line, message: `has no name for column ${stray + 1} in line ${line}; ${right}` }
      : { field: name.slice(0, 100), line, message: `in line ${line} is no column that is known; ${right}` },
  );
}

const raggedStart = 'the row has ';

function raggedRow(fields: number, width: number): string {
  return `${raggedStart}${fields} fields where the header has ${width}; quote values that hold a delimiter or a line break`;
}
