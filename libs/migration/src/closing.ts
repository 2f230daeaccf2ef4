import { type Decision, Refused, refusedBy } from '#kernel';
import type { Deployment } from '#topology';
import type { MigrationCompleted, MigrationRolledBack } from './events.js';
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

/** Until the source is decommissioned a completed run goes back as well: the source starts again, its content is there. */
export function rollBackMigration(
  run: KnownMigration,
  source: Deployment,
  { reason, acceptLossOfNewMessages }: { readonly reason: string; readonly acceptLossOfNewMessages?: boolean },
): Decision<MigrationRolledBack> {
  const isRolledBack = run.closed === 'rolled-back';
  const refused = refusedBy(
    source?.status === 'decommissioned' && refusal.sourceDecommissioned(run.source),
    !isRolledBack && run.targetRan && acceptLossOfNewMessages !== true && refusal.lossNotAccepted(run),
  );
  if (refused) return refused;
  if (isRolledBack) return [];
  const data = given({ migration: run.migration, reason, acceptLossOfNewMessages });
  return [{ type: 'MigrationRolledBack', data }];
}
