import type { EventCatalogue } from '#kernel';
import { type EventLogReader, upcast } from '#event-log';
import { Columns, errorColumn, formatOf, readCsv } from './csv-file.js';
import type { CsvFormat, CsvReader } from './csv-reader.js';
import { type FailedRow, type RunAdvanced, runStream } from './run.js';

/**
 * The rows that were refused or invalid as a file of the shape of the upload, with a column that says why. Made of the stored file and
 * the run's own events, both in the order of the rows, so that neither is ever in memory.
 */
export async function* failedCsv(
  path: string,
  run: string,
  log: EventLogReader,
  catalogue: EventCatalogue,
): AsyncGenerator<Buffer, void, undefined> {
  const format = await formatOf(path);
  const columns = new Columns([], format);
  yield encoded(headOf(format, columns), format);
  const failures = failedRows(run, log, catalogue);
  let failure = (await failures.next()).value;
  for await (const reader of readCsv(path)) {
    let text = '';
    while (failure && reader.next()) {
      if (reader.line !== failure.line) continue;
      text += lineOf(reader, columns, failure);
      failure = (await failures.next()).value;
    }
    if (text !== '') yield encoded(text, format);
    if (!failure) return;
  }
}

async function* failedRows(
  run: string,
  log: EventLogReader,
  catalogue: EventCatalogue,
): AsyncGenerator<FailedRow, undefined, undefined> {
  for await (const page of log.readStream(runStream(run).name))
    for (const event of page)
      if (event.type === 'RunAdvanced') yield* (upcast(catalogue, event) as unknown as RunAdvanced['data']).rows;
  return undefined;
}

function headOf(format: CsvFormat, columns: Columns): string {
  const { bom, typeLine, newline, delimiter, header } = format;
  const names = header.filter((_, index) => index !== columns.errorAt);
  const line = [...names, errorColumn].map(quoted).join(delimiter) + newline;
  return (bom ? '\ufeff' : '') + (typeLine === null ? '' : typeLine + newline) + line;
}

function lineOf(reader: CsvReader, columns: Columns, { message }: FailedRow): string {
  const { delimiter, newline } = reader.format;
  return [...columns.withoutError(reader), message].map(quoted).join(delimiter) + newline;
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

function encoded(text: string, { encoding }: CsvFormat): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}
