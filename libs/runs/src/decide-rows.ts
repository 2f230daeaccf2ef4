import { Prepared, type Refusal, Refused, write } from '#kernel';
import { refusal, type UnitOfWork } from '#event-log';
import type { RowMeta } from './row-meta.js';
import { type FailedRow, type RowCounts, type RowOutcome, runStream, type Segment } from './run.js';
import type { Cell, ReadRow, Row, RowStep } from './run-kind.js';

/** Rows that are to be decided next. */
export interface Batch {
  readonly run: string;
  readonly rows: readonly Row[];
  /** One per row. */
  readonly read: readonly ReadRow[];
  readonly meta: RowMeta;
}

/** What one `RunAdvanced` may say, so that the whole event stays below 60 kB. */
const toldBytesMax = 40_000;
const segmentBytes = 32;
const valueCharactersMax = 200;
const messageCharactersMax = 1000;

interface RefusedStep {
  readonly step: RowStep;
  readonly commandId: string;
  readonly refusals: readonly Refusal[];
}

/**
 * Decides rows one after another, each one all or none, and records what became of them in the run's stream: it is one append with
 * the rows' own events. Answers how many rows that were: fewer than given where `RunAdvanced` is full, none where the run has moved on.
 */
export async function decideRows(unit: UnitOfWork, { run, rows, read, meta }: Batch): Promise<number> {
  const stream = runStream(run);
  const state = await unit.load(stream);
  if (state?.state !== 'running' || state.through !== (rows[0]?.number ?? 0) - 1) return 0;
  const counts: Record<RowOutcome, number> = { ...state.counts };
  const segments: [Segment[0], number, number][] = [];
  const failed: FailedRow[] = [];
  let failedBytes = 0;
  let decided = 0;
  for (const [index, row] of rows.entries()) {
    const outcome = await decideRow(unit, row, read[index]!, meta, run);
    decided++;
    if (typeof outcome === 'string') {
      counts[outcome]++;
      extend(segments, outcome, row.line);
    } else {
      counts[outcome.outcome]++;
      failed.push(outcome);
      failedBytes += Buffer.byteLength(JSON.stringify(outcome));
    }
    if (failedBytes + segments.length * segmentBytes > toldBytesMax) break;
  }
  const { kind, total } = state;
  const through = state.through + decided;
  const told: RowCounts = counts;
  await unit.record(
    write(stream, {
      type: 'RunAdvanced',
      data: { run, kind, total, through, counts: told, segments, rows: failed },
    }),
    meta.ofRun(),
  );
  if (through === total)
    await unit.record(write(stream, { type: 'RunFinished', data: { run, kind, total, counts: told } }), meta.ofRun());
  return decided;
}

async function decideRow(
  unit: UnitOfWork,
  { line }: Row,
  { steps, problem }: ReadRow,
  meta: RowMeta,
  run: string,
): Promise<'done' | 'unchanged' | FailedRow> {
  if (problem) return { line, outcome: 'invalid', ...cut(problem), refusals: [] };
  const before = unit.pending.length;
  const refused: RefusedStep[] = [];
  await unit.allOrNothing(async () => {
    for (const [n, step] of steps.entries()) {
      const commandId = `${run}:${line}:${n + 1}`;
      const refusals = await refusalsOf(unit, step, meta.of(step.definition.name, commandId));
      if (refusals) refused.push({ step, commandId, refusals });
    }
    return refused.length > 0 ? refused.flatMap(({ refusals }) => refusals) : undefined;
  });
  const [first] = refused;
  if (!first) return unit.pending.length > before ? 'done' : 'unchanged';
  for (const { step, commandId, refusals } of refused)
    await unit.record(
      refusal(step.definition, step.command, refusals, commandId),
      meta.of(step.definition.name, commandId),
    );
  const refusals = refused.flatMap((step) => step.refusals);
  const message = refusals.map(({ detail }) => detail).join('; ');
  return { line, outcome: 'refused', ...cut({ ...first.step.from, message }), refusals };
}

/** Asks one command; what it accepts is recorded. */
async function refusalsOf(unit: UnitOfWork, step: RowStep, meta: string): Promise<readonly Refusal[] | undefined> {
  if (step.refusals) return step.refusals;
  const outcome = await unit.decide(step.definition, step.command, meta);
  if (outcome instanceof Prepared) throw new Error(`${step.definition.name} prepares; it can't be decided in a batch`);
  return outcome instanceof Refused ? outcome.refusals : undefined;
}

function extend(segments: [Segment[0], number, number][], outcome: Segment[0], line: number): void {
  const last = segments.at(-1);
  if (last && last[0] === outcome && last[2] === line - 1) last[2] = line;
  else segments.push([outcome, line, line]);
}

function cut({ column, value, message }: Cell & { readonly message: string }): Cell & { readonly message: string } {
  const shortened = (text: string, max: number): string =>
    text.length > max ? `${text.slice(0, max).toWellFormed()}…` : text;
  return {
    column,
    value: value && shortened(value, valueCharactersMax),
    message: shortened(message, messageCharactersMax),
  };
}
