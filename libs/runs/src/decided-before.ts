import type { Decided, UnitOfWork } from '#event-log';
import type { ReadRow, Row, RowGuard, RowStep } from './run-kind.js';

/** A row whose one command was decided before. */
interface DecidedRow {
  readonly row: Row;
  readonly step: RowStep;
  readonly decided: Decided;
}

/** What was decided of these rows before; none of them where one is to be decided anew, for that may change what the others rest on. */
export function decidedBefore(
  unit: UnitOfWork,
  rows: readonly Row[],
  read: readonly ReadRow[],
  guard: RowGuard,
): readonly DecidedRow[] {
  const known: DecidedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const decided = guard.decidedOf(row);
    const [step, ...others] = read[index]?.steps ?? [];
    if (!decided || !step || step.refusals || others.length > 0 || !unit.takesDecided(decided)) return [];
    known.push({ row, step, decided });
  }
  return known;
}
