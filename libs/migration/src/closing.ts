import { type Decision, type Refusal, Refused, refusedBy } from '#kernel';
import type { Deployment } from '#topology';
import type { MigrationCompleted, MigrationRolledBack, Undone } from './events.js';
import type { KnownMigration } from './migration.js';
import { given } from './procedure.js';
import * as refusal from './refusals.js';
import { completionRules, type RunFacts } from './rules.js';

export function completeMigration(facts: Omit<RunFacts, 'targetHeldBy'>): Decision<MigrationCompleted> {
  const { run } = facts;
  if (run.closed === 'rolled-back') return new Refused([refusal.rolledBack(run)]);
  if (run.closed === 'completed') return [];
  const missing = completionRules(facts);
  if (missing.length > 0) return new Refused(missing);
  return [{ type: 'MigrationCompleted', data: { migration: run.migration } }];
}

/** What keeps a run from going back at all; a loss of new messages only has to be accepted. */
export function rollBackRules(run: KnownMigration, source: 'active' | 'sealed' | 'decommissioned'): readonly Refusal[] {
  return source === 'decommissioned' ? [refusal.sourceDecommissioned(run.source)] : [];
}

/** Until the source is decommissioned a completed run goes back as well: the source starts again, its content is there. */
export function rollBackMigration(
  run: KnownMigration,
  source: Deployment,
  { reason, acceptLossOfNewMessages }: { readonly reason: string; readonly acceptLossOfNewMessages?: boolean },
  undoes?: Undone,
): Decision<MigrationRolledBack> {
  const isRolledBack = run.closed === 'rolled-back';
  const refused = refusedBy(
    ...rollBackRules(run, source?.status ?? 'active'),
    !isRolledBack && run.targetRan && acceptLossOfNewMessages !== true && refusal.lossNotAccepted(run),
  );
  if (refused) return refused;
  if (isRolledBack) return [];
  const data = given({ migration: run.migration, reason, acceptLossOfNewMessages, undoes });
  return [{ type: 'MigrationRolledBack', data }];
}
