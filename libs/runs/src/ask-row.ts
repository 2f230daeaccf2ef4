import { Prepared, Refused, type Transaction, type Write } from '#kernel';
import type { RestsOn, UnitOfWork } from '#event-log';
import { cellAtFault } from './cell-at-fault.js';
import type { FailedRow } from './run.js';
import type { Cell, ReadRow, Row, RowGuard, RowStep } from './run-kind.js';

const valueCharactersMax = 200;
const messageCharactersMax = 1000;

/** The metadata of what a row's command records, by the command's place in the row. */
export type MetaOfStep = (step: RowStep, place: number) => string;

/** A command of a row that rules said no to. */
export interface RefusedStep {
  readonly step: RowStep;
  readonly place: number;
  readonly refused: Refused;
}

/** What a row was answered. What it accepts is recorded in the unit; of a row that fails nothing is. */
export type AskedRow = {
  readonly restsOn: readonly RestsOn[];
  /** On nothing else, nor on what the rows before it have changed. */
  readonly asRecorded: boolean;
  readonly steps: readonly RowStep[];
} & (
  | { readonly outcome: 'done' | 'unchanged'; readonly failed?: undefined }
  | { readonly outcome: FailedRow['outcome']; readonly failed: FailedRow; readonly refused: readonly RefusedStep[] }
);

/** A row that wants a door closed in an append of its own before it is asked again (`Prepared`). */
export class Door {
  constructor(
    readonly writes: readonly Write[],
    readonly meta: string,
  ) {}
}

/** Reads ahead what the commands of these rows are going to read. */
export function readAhead(unit: UnitOfWork, rows: readonly ReadRow[]): Promise<void> {
  const decisions = rows.flatMap(({ steps }) =>
    steps
      ? async (tx: Transaction): Promise<void> => {
          for (const { definition, command } of steps) await definition.handle(command, tx);
        }
      : [],
  );
  return unit.readAhead(decisions);
}

/** Asks the commands of a row, all or none; what they accept, the guard may refuse. */
export async function askRow(
  unit: UnitOfWork,
  row: Row,
  read: ReadRow,
  metaOf: MetaOfStep,
  guard?: RowGuard,
): Promise<AskedRow | Door> {
  const { line } = row;
  if (read.problem) {
    const failed = { line, outcome: 'invalid', ...cut(read.problem), refusals: [] } as const;
    return { outcome: 'invalid', failed, refused: [], restsOn: [], asRecorded: true, steps: [] };
  }
  const before = unit.pending.length;
  const refused: RefusedStep[] = [];
  let restsOn: readonly RestsOn[] = [];
  let asRecorded = false;
  let steps: readonly RowStep[] = [];
  let door: Door | undefined;
  await unit.allOrNothing(async () => {
    ({ restsOn, asRecorded } = await unit.resting(async () => {
      steps = read.steps ?? (await read.stepsIn(unit));
      for (const [place, step] of steps.entries()) {
        const outcome = await ask(unit, step, metaOf(step, place));
        if (outcome instanceof Refused) {
          refused.push({ step, place, refused: outcome });
          // What was not there yet stays so: later steps would only be told of that.
          if (read.stepsIn) return;
        }
        if (outcome instanceof Prepared) {
          door = new Door(outcome.writes, metaOf(step, place));
          return;
        }
      }
    }));
    if (door) return [];
    const [step] = steps;
    if (guard && step && refused.length === 0) {
      const refusals = await guard.refusals(row, restsOn, unit.pending.slice(before));
      if (refusals) refused.push({ step, place: 0, refused: new Refused(refusals) });
    }
    return refused.length > 0 ? refused.flatMap((each) => each.refused.refusals) : undefined;
  });
  if (door) return door;
  const [first] = refused;
  if (!first) return { outcome: unit.pending.length > before ? 'done' : 'unchanged', restsOn, asRecorded, steps };
  const refusals = refused.flatMap((each) => each.refused.refusals);
  const message = refusals.map(({ detail }) => detail).join('; ');
  const at = cellAtFault(first.step, first.refused.refusals);
  const failed = { line, outcome: 'refused', ...cut({ ...at, message }), refusals } as const;
  return { outcome: 'refused', failed, refused, restsOn, asRecorded, steps };
}

async function ask(unit: UnitOfWork, step: RowStep, meta: string): Promise<unknown> {
  return step.refusals ? new Refused(step.refusals) : unit.decide(step.definition, step.command, meta);
}

function cut({ column, value, message }: Cell & { readonly message: string }): Cell & { readonly message: string } {
  // JSON can name half a pair of surrogates, and no log can hold it.
  const shortened = (text: string, max: number): string =>
    text.length > max ? `${text.slice(0, max).toWellFormed()}…` : text.toWellFormed();
  return {
    column: column && column.toWellFormed(),
    value: value && shortened(value, valueCharactersMax),
    message: shortened(message, messageCharactersMax),
  };
}
