import { randomUUID } from 'node:crypto';
import { type Actor, write } from '#kernel';
import { commandMeta, refusal, type UnitOfWork } from '#event-log';
import { runActions } from './run-actions.js';
import { type AskedRow, askRow, Door, type MetaOfStep, readAhead, type RefusedStep } from './ask-row.js';
import { decidedBefore } from './decided-before.js';
import type { RowMeta } from './row-meta.js';
import type { RunClaims } from './run-claims.js';
import { type FailedRow, type KnownRun, type RowCounts, type RowOutcome, runStream, type Segment } from './run.js';
import type { ReadRow, Row, RowGuard } from './run-kind.js';

/** Rows that are to be decided next. */
export interface Batch {
  readonly run: string;
  /** Where the run is thought to stand. */
  readonly after: Pick<KnownRun, 'through' | 'retries'>;
  readonly rows: readonly Row[];
  /** One per row. */
  readonly read: readonly ReadRow[];
  readonly meta: RowMeta;
  /** Where the rows were decided before. */
  readonly guard?: RowGuard | undefined;
  /** What was decided before is taken as it is, where it rests on nothing but what the append checks. */
  readonly asDecided?: boolean;
  readonly rights?: Rights | undefined;
  /** Where another node may have taken the run over. */
  readonly claims?: RunClaims | undefined;
}

/** Why whoever sent the rows may act no more; undefined while they may. What is read for it is checked by the append. */
export type Rights = (unit: UnitOfWork) => string | undefined | Promise<string | undefined>;

/** What one `RunAdvanced` may say, so that the whole event stays below 60 kB. */
const toldBytesMax = 40_000;
const segmentBytes = 32;

/** What became of a batch. */
export interface Decided {
  /** Rows on record now. */
  readonly rows: number;
  /** What the first row counts was closed off, and nothing else is on record: the row is to be asked again. */
  readonly doorClosed?: boolean;
}

/**
 * Decides rows one after another, each one all or none, and records what became of them in the run's stream: it is one append with
 * the rows' own events. Fewer rows than given are decided where `RunAdvanced` is full or a row wants a door closed, none where the run
 * has moved on. Where whoever sent the rows may act no more, the run is paused instead.
 */
export async function decideRows(unit: UnitOfWork, batch: Batch): Promise<Decided> {
  const { run, after, rows, read, meta, guard, rights, claims, asDecided = false } = batch;
  if (claims && !(await claims.holds(unit, run))) return { rows: 0 };
  const stream = runStream(run);
  const state = await unit.load(stream);
  if (state?.state !== 'running' || state.through !== after.through || state.retries !== after.retries)
    return { rows: 0 };
  const ended = await rights?.(unit);
  if (ended !== undefined) {
    const { kind, total, counts } = state;
    const paused = { type: 'RunPaused', data: { run, kind, total, counts, because: ended } } as const;
    await unit.record(write(stream, paused), pausedMeta(run));
    return { rows: 0 };
  }
  // A row that is decided again is a command of its own.
  const idPrefix = state.retries === 0 ? run : `${run}:r${state.retries}`;
  const counts: Record<RowOutcome, number> = { ...state.counts };
  const segments: [Segment[0], number, number][] = [];
  const failed: FailedRow[] = [];
  let failedBytes = 0;
  const known = asDecided && guard ? decidedBefore(unit, rows, read, guard) : [];
  let decided = 0;
  for (const { row, step, decided: before } of known) {
    unit.recordDecided(before, metaOfStep(meta, idPrefix, row)(step, 0));
    extend(segments, 'done', row.line);
    counts.done++;
    decided++;
  }
  if (known.length === 0) await readAhead(unit, read);
  for (const [index, row] of known.length > 0 ? [] : rows.entries()) {
    const asked = await decideRow(unit, row, read[index]!, meta, idPrefix, guard);
    if (asked instanceof Door) {
      if (decided > 0) break;
      for (const each of asked.writes) await unit.record(each, asked.meta);
      return { rows: 0, doorClosed: true };
    }
    decided++;
    counts[asked.outcome]++;
    if (asked.failed) {
      failed.push(asked.failed);
      failedBytes += Buffer.byteLength(JSON.stringify(asked.failed));
    } else extend(segments, asked.outcome, row.line);
    if (failedBytes + segments.length * segmentBytes > toldBytesMax) break;
  }
  const { kind, total } = state;
  const through = rows[decided - 1]?.number ?? state.through;
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

/** Nobody's token: what was decided by one that has ended is not done in its name. */
const itself: Actor = { id: 'system', name: 'Homeward', roles: [], via: 'system' };

function pausedMeta(run: string): string {
  const nobody = { actor: itself, correlationId: run, client: { ip: null, agent: null }, causationId: run };
  return commandMeta(runActions.pause.command, {}, nobody, randomUUID());
}

const commandIdOf = (idPrefix: string, { line }: Row, place: number): string => `${idPrefix}:${line}:${place + 1}`;

function metaOfStep(meta: RowMeta, idPrefix: string, row: Row): MetaOfStep {
  return ({ definition, command }, place) => meta.of(definition.name, commandIdOf(idPrefix, row, place), command);
}

async function decideRow(
  unit: UnitOfWork,
  row: Row,
  read: ReadRow,
  meta: RowMeta,
  idPrefix: string,
  guard: RowGuard | undefined,
): Promise<AskedRow | Door> {
  const metaOf = metaOfStep(meta, idPrefix, row);
  const asked = await askRow(unit, row, read, metaOf, guard);
  if (!(asked instanceof Door) && asked.failed)
    for (const each of asked.refused)
      await recordRefusal(unit, each, commandIdOf(idPrefix, row, each.place), metaOf(each.step, each.place));
  return asked;
}

async function recordRefusal(
  unit: UnitOfWork,
  { step, refused }: RefusedStep,
  commandId: string,
  meta: string,
): Promise<void> {
  for (const each of refused.alongside) await unit.record(each, meta);
  await unit.record(refusal(step.definition, step.command, refused.refusals, commandId), meta);
}

function extend(segments: [Segment[0], number, number][], outcome: Segment[0], line: number): void {
  const last = segments.at(-1);
  if (last && last[0] === outcome && last[2] === line - 1) last[2] = line;
  else segments.push([outcome, line, line]);
}
