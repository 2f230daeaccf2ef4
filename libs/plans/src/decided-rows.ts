import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import type { RestsOn, UnitOfWork } from '#event-log';
import { readAhead, type ReadRow, type RunKind, type RunParameters } from '#runs';
import { type DecidedRow, planRow } from './plan-row.js';
import { tooLong, type WholeRow } from './rows.js';

/** Rows to be decided. */
export interface ToDecide {
  readonly kind: RunKind;
  readonly parameters: RunParameters;
  /** All of them, from the first, each time. */
  readonly rows: () => AsyncIterable<readonly WholeRow[]>;
}

/** Rows decided before others get a turn. */
const turnRows = 64;

export interface Decided {
  readonly row: WholeRow;
  readonly planned: DecidedRow;
  readonly restsOn: readonly RestsOn[];
  readonly into: string | undefined;
}

/**
 * Decides every row after the rows before it, some at a time. What a row changes is known to later rows. `signal` gives it up; its reason
 * is thrown.
 */
export async function* decidedRows(
  { kind, parameters, rows }: ToDecide,
  unit: UnitOfWork,
  catalogue: EventCatalogue,
  signal: AbortSignal,
): AsyncGenerator<readonly Decided[]> {
  const reader = kind.open(parameters);
  if (reader.survey) for await (const page of rows()) reader.survey(page.filter((row) => !tooLong(row)));
  for await (const page of rows())
    for (let at = 0; at < page.length; at += turnRows, await nextTurn()) {
      signal.throwIfAborted();
      const turn = page.slice(at, at + turnRows);
      const problems = turn.map((row) => tooLong(row));
      const read = await reader.read(turn);
      await readAhead(unit, read);
      const decided: Decided[] = [];
      for (const [index, row] of turn.entries()) {
        const problem = problems[index];
        const asked: ReadRow =
          problem === undefined ? read[index]! : { problem: { column: null, value: null, message: problem } };
        const planned = await planRow(unit, catalogue, row, asked);
        decided.push({ row: problem === undefined ? row : { ...row, problem }, ...planned });
      }
      yield decided;
    }
}
