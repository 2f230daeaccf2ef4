import type { Refusal, Tally } from '#kernel';
import { isClean, type KnownMigration } from './migration.js';
import * as refusal from './refusals.js';

/** What the rules of a run rest on beside the run itself. */
export interface RunFacts {
  readonly run: KnownMigration;
  /** The target holds content; what counts is the moment of the import. */
  readonly targetHoldsContent: boolean;
  /** The run, this one or another, that holds the target stopped. */
  readonly targetHeldBy: string | null;
  /** Findings of severity `error` on the source or the run that are open. */
  readonly openErrors: readonly string[];
  /** Rooms of the source that are neither excluded nor carried over. */
  readonly roomsUnaccounted: Tally;
  /** What was imported is on its way still. */
  readonly carryOverPending: boolean;
}

type Run = Pick<RunFacts, 'run'>;
type Rules<Facts> = (facts: Facts) => readonly Refusal[];

const those = (...rules: readonly (Refusal | false)[]): readonly Refusal[] => rules.filter((rule) => rule !== false);

// Each answers every rule that keeps its step from being taken: handlers refuse with them, views list them as missing.

export const sourceStopRules: Rules<Run> = ({ run }) => those(run.sourceBackup === null && refusal.noSourceBackup(run));

export const targetStopRules: Rules<Pick<RunFacts, 'run' | 'targetHeldBy'>> = ({ run, targetHeldBy: by }) =>
  those(by !== null && by !== run.migration && refusal.targetBusy(run, by));

export const exportRules: Rules<Pick<RunFacts, 'run' | 'openErrors'>> = ({ run, openErrors }) =>
  those(
    !run.sourceStopped && refusal.sourceRunning(run),
    openErrors.length > 0 && refusal.findingsOpen(run, openErrors),
    run.imported !== null && refusal.alreadyImported(run),
  );

export const inspectionRules: Rules<Run> = ({ run }) => those(run.exported === null && refusal.notExported(run));

// A run stops the target itself before it imports: another one that holds it stopped may start it at any time.

export const dryRunRules: Rules<Pick<RunFacts, 'run' | 'targetHeldBy'>> = ({ run, targetHeldBy }) =>
  those(
    !run.inspected && refusal.notInspected(run),
    !run.targetStopped && refusal.targetRunning(run, targetHeldBy),
    run.imported !== null && refusal.alreadyImported(run),
  );

export const importRules: Rules<Pick<RunFacts, 'run' | 'targetHoldsContent' | 'targetHeldBy'>> = (facts) => {
  const { run, targetHoldsContent, targetHeldBy } = facts;
  return those(
    !isClean(run) && refusal.dryRunNotClean(run),
    needsTargetBackup(run, targetHoldsContent) && refusal.noTargetBackup(run),
    !run.targetStopped && refusal.targetRunning(run, targetHeldBy),
    run.imported !== null && refusal.alreadyImported(run),
  );
};

/** The target held content when it was imported into, or would if it were now, and no backup of it is on record. */
export function needsTargetBackup({ imported, targetBackup }: KnownMigration, targetHoldsContent: boolean): boolean {
  return imported === null && targetHoldsContent && targetBackup === null;
}

/** Copying files, deleting the lookup account. */
export const afterImportRules: Rules<Run> = ({ run }) => those(run.imported === null && refusal.notImported(run));

/** Who holds the target stopped is who starts it. */
export const targetStartRules: Rules<Pick<RunFacts, 'run' | 'targetHeldBy'>> = (facts) => [
  ...afterImportRules(facts),
  ...targetStopRules(facts),
];

/** Whoever stopped the target: nothing is verified in what does not run. */
export const verificationRules: Rules<Pick<RunFacts, 'run' | 'targetHeldBy'>> = ({ run, targetHeldBy: by }) =>
  those(run.imported === null && refusal.notImported(run), by !== null && refusal.targetStopped(run, by));

export const completionRules: Rules<Pick<RunFacts, 'run' | 'openErrors' | 'roomsUnaccounted' | 'carryOverPending'>> = (
  facts,
) => {
  const { run, openErrors, roomsUnaccounted, carryOverPending } = facts;
  const conflicts = run.verification?.conflicts ?? 0;
  return those(
    run.verification === null && refusal.notVerified(run),
    conflicts > 0 && refusal.conflictsOpen(run, conflicts),
    openErrors.length > 0 && refusal.findingsOpen(run, openErrors),
    run.files === null && refusal.filesNotCopied(run),
    carryOverPending && refusal.carryOverPending(run),
    roomsUnaccounted.count > 0 && refusal.roomsNotAccounted(run, roomsUnaccounted),
    knowsAccount(run) && refusal.lookupAccountExists(run),
  );
};

/** A lookup account was planned and is, for all that is recorded, still there. */
export function knowsAccount({ lookupUri, deletedAccounts }: KnownMigration): boolean {
  return lookupUri !== null && !deletedAccounts.includes(lookupUri);
}
