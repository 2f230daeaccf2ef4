import type { EventCatalogue } from '#kernel';
import { type EventLogReader, upcast } from '#event-log';
import { Columns, errorColumn } from './csv-file.js';
import { type CsvFormat, CsvReader } from './csv-reader.js';
import { csvHead, csvLine, encoded } from './csv-text.js';
import { lineWithError } from './json-lines.js';
import { readThrough } from './read-through.js';
import { type FileForm, type FileFormat, rowScanner } from './row-scanner.js';
import { type FailedRow, type KnownRun, type RunAdvanced, runStream } from './run.js';

/** A row as it comes back. */
export interface ReturnedRow {
  /** On which it stood in the file; 0 where there was none. */
  readonly line: number;
  /** The fields of a CSV's record; the text of a JSON line alone. */
  readonly record: readonly string[];
  readonly message: string;
}

/** Rows that a plan did not leave to its run, for they were refused or invalid when it was made. */
export interface LeftOut {
  /** Of the file that was planned. */
  readonly format: FileFormat;
  /** In the order of their lines. */
  readonly rows: AsyncGenerator<ReturnedRow, void, undefined>;
}

export interface Failed {
  /** Of the run's file. */
  readonly path: string;
  readonly format: FileFormat;
  /** Rows of that file, in the order of their lines. */
  readonly failures: AsyncIterable<FailedRow>;
  readonly leftOut?: LeftOut | undefined;
}

type Rows = AsyncGenerator<ReturnedRow, void, undefined>;

const pieceCharacters = 2 ** 16;

/**
 * The rows that were refused or invalid as a file of the shape of the upload that says why: in a column of a CSV, in a member of each JSON
 * line. Made of the stored file and of what failed, both in the order of the rows, so that neither is ever in memory.
 */
export async function* failedFile({
  path,
  format,
  failures,
  leftOut,
}: Failed): AsyncGenerator<Buffer, void, undefined> {
  const ofRun = returnedRows(path, format.form, failures);
  const rows = leftOut ? inOrder(leftOut.rows, ofRun) : ofRun;
  // A run of no rows has a file of its own making.
  const written = leftOut?.format ?? format;
  const isCsv = written.form === 'csv';
  // UTF-16 cannot be told without its mark.
  let text = isCsv ? await headOf(path, written) : written.bom ? '\ufeff' : '';
  for await (const { record, message } of rows) {
    text += isCsv ? csvLine([...record, message], written) : `${lineWithError(record[0] ?? '', message)}\n`;
    if (text.length < pieceCharacters) continue;
    yield encoded(text, written);
    text = '';
  }
  if (text !== '') yield encoded(text, written);
}

/** Those of the pass under way, or of the last one: what had failed before is being tried again, or was skipped by a stop. */
export async function* failedRows(
  { run, passFrom }: Pick<KnownRun, 'run' | 'passFrom'>,
  log: EventLogReader,
  catalogue: EventCatalogue,
): AsyncGenerator<FailedRow, void, undefined> {
  for await (const page of log.readStream(runStream(run).name, BigInt(passFrom)))
    for (const event of page)
      if (event.type === 'RunAdvanced') yield* (upcast(catalogue, event) as unknown as RunAdvanced['data']).rows;
}

/** Why a row failed, as it is told beside the row: a cell that is wrong is named, rules name their things themselves. */
export function toldOf({ outcome, column, message }: Pick<FailedRow, 'outcome' | 'column' | 'message'>): string {
  return outcome === 'invalid' && column !== null ? `${column} ${message}` : message;
}

/** Of whatever kind the file is. */
const anyColumns = { columns: [] };

async function* returnedRows(path: string, form: FileForm, failures: AsyncIterable<FailedRow>): Rows {
  const left = failures[Symbol.asyncIterator]();
  try {
    let failure = await nextOf(left);
    if (!failure) return;
    for await (const scanner of readThrough(path, rowScanner(form, anyColumns)))
      while (scanner.next()) {
        const { line } = scanner;
        if (line !== failure.line) continue;
        yield { line, record: scanner.record(), message: toldOf(failure) };
        failure = await nextOf(left);
        if (!failure) return;
      }
  } finally {
    await left.return?.();
  }
}

/** Both in the order of their lines. */
async function* inOrder(...both: readonly [Rows, Rows]): Rows {
  const [one, other] = [both[0][Symbol.asyncIterator](), both[1][Symbol.asyncIterator]()];
  try {
    let [first, second] = [await nextOf(one), await nextOf(other)];
    while (first || second)
      if (first && (!second || first.line < second.line)) {
        yield first;
        first = await nextOf(one);
      } else if (second) {
        yield second;
        second = await nextOf(other);
      }
  } finally {
    await Promise.all([one.return?.(), other.return?.()]);
  }
}

async function nextOf<T>(rows: AsyncIterator<T>): Promise<T | undefined> {
  const { done, value } = await rows.next();
  return done === true ? undefined : value;
}

/** The lines of a stored CSV before its rows. */
async function headOf(path: string, written: Pick<CsvFormat, 'bom' | 'delimiter' | 'newline'>): Promise<string> {
  for await (const reader of readThrough(path, new CsvReader())) {
    reader.next();
    if (!reader.headerRead) continue;
    const { header } = new Columns(anyColumns, reader.format);
    const { typeLine } = reader.format;
    return csvHead({ ...written, typeLine }, [...header, errorColumn]);
  }
  throw new Error(`${path} has no header`);
}
