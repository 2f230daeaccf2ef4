import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import { csvHead, csvLine, encoded, type FileFormat, linesIn, type RunKind } from '#runs';
import { type KnownPlan, plainFormat } from './plan.js';
import { readPlanned, type PlannedRow } from './planned-rows.js';

type OfPlan = Pick<KnownPlan, 'plan' | 'format' | 'typeLine' | 'columns'>;

/**
 * The rows of a plan that are to be done, as a file of the form and with the columns of the one that it was made of, each on the line on
 * which it stood there.
 */
export async function* runFile(
  log: EventLogReader,
  catalogue: EventCatalogue,
  { plan, format, typeLine, columns }: OfPlan,
): AsyncGenerator<Buffer, void, undefined> {
  const lines = new PlacedLines(format);
  yield encoded(lines.place(headOf(format, typeLine, columns), 1), format);
  for await (const { rows } of readPlanned(log, catalogue, plan)) {
    let text = '';
    for (const row of rows) if (row.outcome === 'done') text += lines.place(lineOf(format, row), row.line);
    if (text !== '') yield encoded(text, format);
  }
}

/** A CSV of a kind without a row. */
export async function* noRows({ columns }: RunKind): AsyncGenerator<Buffer, void, undefined> {
  const format = plainFormat('csv');
  const names = columns.map(({ name }) => name);
  yield encoded(headOf(format, null, names), format);
}

/** Puts texts on lines of a file; the lines between them are empty, which is to say that there is no row. */
class PlacedLines {
  private next = 1;
  private readonly newline: string;
  private readonly lineEnd: '\r' | '\n';

  constructor(format: FileFormat) {
    this.newline = format.form === 'csv' ? format.newline : '\n';
    this.lineEnd = this.newline === '\r' ? '\r' : '\n';
  }

  /** `line`: of rows that were in no file, none. */
  place(text: string, line = this.next): string {
    const before = Math.max(line - this.next, 0);
    this.next += before + linesIn(text, this.lineEnd);
    return this.newline.repeat(before) + text;
  }
}

function headOf(format: FileFormat, typeLine: string | null, columns: readonly string[]): string {
  if (format.form === 'csv') return csvHead({ ...format, typeLine }, columns);
  return format.bom ? '\ufeff' : '';
}

function lineOf(format: FileFormat, { row, cells, fields }: PlannedRow): string {
  const line = format.form === 'csv' ? cells && csvLine(cells, format) : fields && `${JSON.stringify(fields)}\n`;
  if (line === undefined) throw new Error(`the row ${row} of a plan was not kept`);
  return line;
}
