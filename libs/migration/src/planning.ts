import { type Decision, type DeploymentId, isLegacy, refusedBy, type SipUri } from '#kernel';
import { type Deployment, deploymentIsGone } from '#topology';
import type { MigrationPlanned } from './events.js';
import type { KnownMigration, Migration } from './migration.js';
import { given } from './procedure.js';
import * as refusal from './refusals.js';

export interface PlannedRun {
  readonly migration: string;
  readonly source: DeploymentId;
  readonly target: DeploymentId;
  readonly contentCutoff?: string;
  readonly lookupUri?: SipUri;
}

export interface PlanningFacts {
  readonly run: Migration;
  readonly source: Deployment;
  readonly target: Deployment;
  /** The run that the source has and that is not rolled back. */
  readonly sourceRun: string | null;
}

export function planMigration(facts: PlanningFacts, wanted: PlannedRun): Decision<MigrationPlanned> {
  const { run, source, target, sourceRun } = facts;
  const { migration, contentCutoff, lookupUri } = wanted;
  const isPlanned = run !== null && isAs(run, wanted);
  const refused = refusedBy(
    run !== null && !isPlanned && refusal.existsOtherwise(run),
    deploymentIsGone(wanted.source, source),
    deploymentIsGone(wanted.target, target),
    source && !isLegacy(source.generation) && refusal.sourceNotLegacy(wanted.source, source.generation),
    target && target.generation !== 'lync-2013' && refusal.targetNot2013(wanted.target, target.generation),
    // A run that is rolled back stays planned, whoever has its source by now.
    !isPlanned && sourceRun !== null && sourceRun !== migration && refusal.sourceHasRun(wanted.source, sourceRun),
  );
  if (refused) return refused;
  const data = given({ migration, source: wanted.source, target: wanted.target, contentCutoff, lookupUri });
  return isPlanned ? [] : [{ type: 'MigrationPlanned', data }];
}

function isAs(run: KnownMigration, { source, target, contentCutoff, lookupUri }: PlannedRun): boolean {
  return (
    run.source === source &&
    run.target === target &&
    run.contentCutoff === (contentCutoff ?? null) &&
    run.lookupUri === (lookupUri ?? null)
  );
}
