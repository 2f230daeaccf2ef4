import { randomUUID } from 'node:crypto';
import { canonicalJson, type EventCatalogue, write } from '#kernel';
import { type CommandShell, type EventLogReader, type Position } from '#event-log';
import { RowMeta, type RunKind, type Sender } from '#runs';
import { decidedRows } from './decided-rows.js';
import { type KnownPlan, type PlanMade, type PlanSource, planStream } from './plan.js';
import { RowChunks } from './row-chunks.js';
import type { RowForm, WholeRow } from './rows.js';
import { Tally } from './tally.js';

/** What a plan is made of. */
export interface Asked {
  readonly kind: RunKind;
  readonly parameters: KnownPlan['parameters'];
  readonly source: PlanSource;
  readonly format: KnownPlan['format'];
  readonly typeLine: KnownPlan['typeLine'];
  readonly rowForm: RowForm;
  /** `position`: the end of the log before anything else is read. */
  readonly rows: (position: Position) => AsyncIterable<readonly WholeRow[]>;
}

export interface Makings {
  readonly log: EventLogReader;
  readonly shell: CommandShell;
  readonly catalogue: EventCatalogue;
  readonly expiresAt: () => string;
  /** Gives the plan up; its reason is thrown. */
  readonly signal: AbortSignal;
}

/** A plan, and the position at which it is on record. */
export type MadePlan = PlanMade['data'] & { readonly madeAt: Position | null };

/**
 * Decides every row after the rows before it and appends none of it but what would come of it. What a row changes is known to later rows;
 * what others change meanwhile makes the plan stale.
 */
export async function makePlan(
  { kind, parameters, source, format, typeLine, rowForm, rows }: Asked,
  sender: Sender,
  { log, shell, catalogue, expiresAt, signal }: Makings,
): Promise<MadePlan> {
  const plan = randomUUID();
  const meta = new RowMeta(plan, sender, 'MakePlan').ofRun();
  const position = await log.head();
  const unit = shell.begin(sender.actor, true);
  const chunks = new RowChunks(shell, sender.actor, plan, meta);
  const tally = new Tally();
  const asked = { kind, parameters, rows: () => rows(position) };
  for await (const turn of decidedRows(asked, unit, catalogue, signal))
    for (const { row, planned, restsOn, into } of turn) {
      tally.add(planned);
      const waits = chunks.add({ ...planned, ...rowForm.kept(row, 'file' in source) }, restsOn, into);
      if (waits) await waits;
    }
  const { counts, reasons, events } = tally;
  const asFile = { format, typeLine, columns: rowForm.columns };
  const told = { plan, kind: kind.kind, parameters, source, ...asFile, position: `${position}` };
  const header = { ...told, counts, reasons, events, expiresAt: expiresAt() };
  const hash = await chunks.finish(canonicalJson(header));
  const data = { ...header, hash };
  const made = await shell.batch(sender.actor, (unit) =>
    unit.record(write(planStream(plan), { type: 'PlanMade', data }), meta),
  );
  return { ...data, madeAt: made.position };
}
