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
const turnRows = 50;

/** Decides every row after the rows before it. What a row changes is known to later rows. `signal` gives it up; its reason is thrown. */
export async function* decidedRows(
  { kind, parameters, rows }: ToDecide,
  unit: UnitOfWork,
  catalogue: EventCatalogue,
  signal: AbortSignal,
): AsyncGenerator<{
  readonly row: WholeRow;
  readonly planned: DecidedRow;
  readonly restsOn: readonly RestsOn[];
  readonly into: string | undefined;
}> {
  const reader = kind.open(parameters);
  if (reader.survey) for await (const page of rows()) reader.survey(page.filter((row) => !tooLong(row)));
  for await (const page of rows())
    for (let at = 0; at < page.length; at += turnRows, await nextTurn()) {
      signal.throwIfAborted();
      const turn = page.slice(at, at + turnRows);
      const problems = turn.map((row) => tooLong(row));
      const read = await reader.read(turn);
      await readAhead(unit, read);
      for (const [index, row] of turn.entries()) {
        const problem = problems[index];
        const asked: ReadRow =
          problem === undefined ? read[index]! : { problem: { column: null, value: null, message: problem } };
        const decided = await planRow(unit, catalogue, row, asked);
        yield { row: problem === undefined ? row : { ...row, problem }, ...decided };
      }
    }
}
