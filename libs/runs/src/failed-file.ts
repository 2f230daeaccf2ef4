import type { EventCatalogue } from '#kernel';
import { type EventLogReader, upcast } from '#event-log';
import { Columns, errorColumn } from './csv-file.js';
import { type CsvFormat, CsvReader } from './csv-reader.js';
import { csvHead, csvLine, encoded } from './csv-text.js';
import { JsonLinesReader, lineWithError } from './json-lines.js';
import { readThrough } from './read-through.js';
import type { FileForm } from './row-scanner.js';
import { type FailedRow, type KnownRun, type RunAdvanced, runStream } from './run.js';

/**
 * The rows that were refused or invalid as a file of the shape of the upload that says why: in a column of a CSV, in a member of each JSON
 * line. Made of the stored file and the run's own events, both in the order of the rows, so that neither is ever in memory.
 */
export function failedFile(
  path: string,
  form: FileForm,
  run: Pick<KnownRun, 'run' | 'passFrom'>,
  log: EventLogReader,
  catalogue: EventCatalogue,
): AsyncGenerator<Buffer, void, undefined> {
  const failures = failedRows(run, log, catalogue);
  return form === 'csv' ? failedCsv(path, failures) : failedJsonLines(path, failures);
}

type Failures = AsyncGenerator<FailedRow, undefined, undefined>;

async function* failedCsv(path: string, failures: Failures): AsyncGenerator<Buffer, void, undefined> {
  const format = await formatOf(path);
  const columns = new Columns({ columns: [] }, format);
  yield encoded(csvHead(format, [...columns.header, errorColumn]), format);
  let failure = (await failures.next()).value;
  for await (const reader of readThrough(path, new CsvReader())) {
    let text = '';
    while (failure && reader.next()) {
      if (reader.line !== failure.line) continue;
      text += csvLine([...columns.withoutError(reader), failure.message], format);
      failure = (await failures.next()).value;
    }
    if (text !== '') yield encoded(text, format);
    if (!failure) return;
  }
}

async function* failedJsonLines(path: string, failures: Failures): AsyncGenerator<Buffer, void, undefined> {
  let failure = (await failures.next()).value;
  let isFirst = true;
  for await (const reader of readThrough(path, new JsonLinesReader())) {
    let text = '';
    while (failure && reader.next()) {
      if (reader.line !== failure.line) continue;
      text += `${lineWithError(reader.text, failure.message)}\n`;
      failure = (await failures.next()).value;
    }
    // UTF-16 cannot be told without its mark.
    const mark = isFirst && reader.bom ? '\ufeff' : '';
    if (text !== '') {
      yield encoded(mark + text, reader);
      isFirst = false;
    }
    if (!failure) return;
  }
}

/** How a stored CSV is written. */
async function formatOf(path: string): Promise<CsvFormat> {
  for await (const reader of readThrough(path, new CsvReader())) {
    reader.next();
    if (reader.headerRead) return reader.format;
  }
  throw new Error(`${path} has no header`);
}

/** Those of the pass under way, or of the last one: what had failed before is being tried again, or was skipped by a stop. */
async function* failedRows(
  { run, passFrom }: Pick<KnownRun, 'run' | 'passFrom'>,
  log: EventLogReader,
  catalogue: EventCatalogue,
): Failures {
  for await (const page of log.readStream(runStream(run).name, BigInt(passFrom)))
    for (const event of page)
      if (event.type === 'RunAdvanced') yield* (upcast(catalogue, event) as unknown as RunAdvanced['data']).rows;
  return undefined;
}
