import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import { type LeftOut, type ReturnedRow, toldOf } from '#runs';
import type { PlanMade } from './plan.js';
import { planMade } from './plan-made.js';
import { type PlannedRow, readPlanned } from './planned-rows.js';

type OfPlan = Pick<PlanMade['data'], 'plan' | 'format' | 'columns'>;

/** The rows of a plan that failed when it was made, as they were sent. */
export async function leftOut(log: EventLogReader, catalogue: EventCatalogue, plan: string): Promise<LeftOut> {
  const made = await planMade(log, catalogue, plan);
  return { format: made.format, rows: failedRows(log, catalogue, made) };
}

async function* failedRows(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: OfPlan,
): AsyncGenerator<ReturnedRow, void, undefined> {
  for await (const { rows } of readPlanned(log, catalogue, plan.plan))
    for (const row of rows)
      if (row.outcome === 'refused' || row.outcome === 'invalid') yield returned(plan, row, row.outcome);
}

function returned({ format, columns }: OfPlan, row: PlannedRow, outcome: 'refused' | 'invalid'): ReturnedRow {
  const { line = 0, cells, fields, unread, column = null } = row;
  const message = toldOf({ outcome, column, message: row.message ?? '' });
  const record = fields ? [JSON.stringify(fields)] : (cells ?? unread);
  if (record) return { line, record, message };
  const empty = format.form === 'csv' ? columns.map(() => '') : ['{}'];
  return { line, record: empty, message: `line ${line} of the file that was planned: ${message}` };
}
