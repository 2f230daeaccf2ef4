import type { EventCatalogue } from '#kernel';
import type { Pending, RestsOn, UnitOfWork } from '#event-log';
import { askRow, Door, type ReadRow, type Row } from '#runs';
import { plannedEventsOf } from './planned-guard.js';
import type { PlannedRow } from './planned-rows.js';

/** A row as it was decided; what it asks for is kept beside it. */
export type DecidedRow = Omit<PlannedRow, 'on' | 'into' | 'cells' | 'fields' | 'line'>;

/** Decides a row as a run would, after all rows before it, and appends nothing. */
export async function planRow(
  unit: UnitOfWork,
  catalogue: EventCatalogue,
  row: Row,
  read: ReadRow,
): Promise<{
  readonly planned: DecidedRow;
  readonly restsOn: readonly RestsOn[];
  /** The stream that all its events are of, where it rests on recorded streams alone. */
  readonly into: string | undefined;
}> {
  const asked = await askRow(unit, row, read, () => '{}');
  if (asked instanceof Door) throw new Error(`a command wants a door closed while it is planned, in row ${row.number}`);
  const pending = unit.take();
  const events = plannedEventsOf(catalogue, pending);
  const { outcome, failed, restsOn, steps } = asked;
  const [first] = steps;
  const subject = first?.definition.subjects(first.command)[0];
  // In the order in which canonical JSON has them: there is one for every row.
  const planned = {
    ...(failed?.column != null && { column: failed.column }),
    ...(steps.length > 0 && { commands: steps.map(({ definition }) => definition.name) }),
    ...(events.length > 0 && { events }),
    ...(failed && { message: failed.message }),
    outcome,
    ...(failed && failed.refusals.length > 0 && { refusals: failed.refusals }),
    row: row.number,
    ...(subject !== undefined && { subject }),
    ...(failed?.value != null && { value: failed.value }),
  };
  const isCertain = outcome === 'done' && asked.asRecorded && steps.length === 1;
  return { planned, restsOn, into: isCertain ? soleStream(catalogue, pending) : undefined };
}

/** The stream that all of these are of; undefined where there are more, or where a plan keeps less of them than is recorded. */
function soleStream(catalogue: EventCatalogue, pending: readonly Pending[]): string | undefined {
  const [first] = pending;
  const stream = first?.record.stream;
  const isWhole = pending.every(
    ({ record, internal }) => record.stream === stream && !internal && !catalogue[record.type]?.planned,
  );
  return isWhole ? stream : undefined;
}
