import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import type { KnownPlan } from './plan.js';
import { readPlanned, type PlannedRow } from './planned-rows.js';

/** The rows of a plan that are to be done, as a file of the kind that it was made of. */
export async function* runFile(
  log: EventLogReader,
  catalogue: EventCatalogue,
  { plan, form, columns }: Pick<KnownPlan, 'plan' | 'form' | 'columns'>,
): AsyncGenerator<Buffer, void, undefined> {
  if (form === 'csv') yield Buffer.from(csvLine(columns));
  for await (const { rows } of readPlanned(log, catalogue, plan)) {
    const lines = rows.filter(({ outcome }) => outcome === 'done').map((row) => lineOf(form, row));
    if (lines.length > 0) yield Buffer.from(lines.join(''));
  }
}

/** The same where nothing is to be done. */
export async function* noRows(columns: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from(csvLine(columns));
}

function lineOf(form: KnownPlan['form'], { row, cells, fields }: PlannedRow): string {
  const line = form === 'csv' ? cells && csvLine(cells) : fields && `${JSON.stringify(fields)}\n`;
  if (line === undefined) throw new Error(`the row ${row} of a plan was not kept`);
  return line;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}
