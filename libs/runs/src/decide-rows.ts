import { Prepared, Refused, type Write, write } from '#kernel';
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

/** What became of a batch. */
export interface Decided {
  /** Rows on record now. */
  readonly rows: number;
  /** What the first row counts was closed off, and nothing else is on record: the row is to be asked again. */
  readonly doorClosed?: boolean;
}

interface AskedStep {
  readonly step: RowStep;
  readonly commandId: string;
}

interface RefusedStep extends AskedStep {
  readonly refused: Refused;
}

/** A row that wants a door closed in an append of its own before it is asked again (`Prepared`). */
class Door {
  constructor(
    readonly writes: readonly Write[],
    readonly meta: string,
  ) {}
}

/**
 * Decides rows one after another, each one all or none, and records what became of them in the run's stream: it is one append with
 * the rows' own events. Fewer rows than given are decided where `RunAdvanced` is full or a row wants a door closed, none where the run
 * has moved on.
 */
export async function decideRows(unit: UnitOfWork, { run, rows, read, meta }: Batch): Promise<Decided> {
  const stream = runStream(run);
  const state = await unit.load(stream);
  if (state?.state !== 'running' || state.through !== (rows[0]?.number ?? 0) - 1) return { rows: 0 };
  const counts: Record<RowOutcome, number> = { ...state.counts };
  const segments: [Segment[0], number, number][] = [];
  const failed: FailedRow[] = [];
  let failedBytes = 0;
  let decided = 0;
  for (const [index, row] of rows.entries()) {
    const outcome = await decideRow(unit, row, read[index]!, meta, run);
    if (outcome instanceof Door) {
      if (decided > 0) break;
      for (const each of outcome.writes) await unit.record(each, outcome.meta);
      return { rows: 0, doorClosed: true };
    }
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
  return { rows: decided };
}

async function decideRow(
  unit: UnitOfWork,
  { line }: Row,
  { steps, problem }: ReadRow,
  meta: RowMeta,
  run: string,
): Promise<'done' | 'unchanged' | FailedRow | Door> {
  if (problem) return { line, outcome: 'invalid', ...cut(problem), refusals: [] };
  const before = unit.pending.length;
  const refused: RefusedStep[] = [];
  let door: Door | undefined;
  const metaOf = ({ step: { definition, command }, commandId }: AskedStep): string =>
    meta.of(definition.name, commandId, command);
  await unit.allOrNothing(async () => {
    for (const [n, step] of steps.entries()) {
      const asked = { step, commandId: `${run}:${line}:${n + 1}` };
      const outcome = await ask(unit, step, metaOf(asked));
      if (outcome instanceof Refused) refused.push({ ...asked, refused: outcome });
      if (outcome instanceof Prepared) {
        door = new Door(outcome.writes, metaOf(asked));
        return [];
      }
    }
    return refused.length > 0 ? refused.flatMap((each) => each.refused.refusals) : undefined;
  });
  if (door) return door;
  const [first] = refused;
  if (!first) return unit.pending.length > before ? 'done' : 'unchanged';
  for (const each of refused) await recordRefusal(unit, each, metaOf(each));
  const refusals = refused.flatMap((each) => each.refused.refusals);
  const message = refusals.map(({ detail }) => detail).join('; ');
  return { line, outcome: 'refused', ...cut({ ...first.step.from, message }), refusals };
}

/** Asks one command; what it accepts is recorded. */
async function ask(unit: UnitOfWork, step: RowStep, meta: string): Promise<unknown> {
  return step.refusals ? new Refused(step.refusals) : unit.decide(step.definition, step.command, meta);
}

async function recordRefusal(unit: UnitOfWork, { step, commandId, refused }: RefusedStep, meta: string): Promise<void> {
  for (const each of refused.alongside) await unit.record(each, meta);
  await unit.record(refusal(step.definition, step.command, refused.refusals, commandId), meta);
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
