import type { Refusal } from '#kernel';
import type { MigrationEvent } from './events.js';
import type { KnownMigration } from './migration.js';
import { isClean } from './migration.js';
import * as refusal from './refusals.js';
import {
  afterImportRules,
  completionRules,
  dryRunRules,
  exportRules,
  importRules,
  inspectionRules,
  knowsAccount,
  needsTargetBackup,
  type RunFacts,
  sourceStopRules,
  targetStartRules,
  targetStopRules,
  verificationRules,
} from './rules.js';

/** In Microsoft's order (`domain.md` §1.3 C). */
export const steps = [
  'source-backup',
  'source-stop',
  'export',
  'inspection',
  'target-stop',
  'target-backup',
  'dry-run',
  'import',
  'files',
  'lookup-account',
  'legacy-endpoint',
  'target-start',
  'verification',
  'completion',
] as const;
export type Step = (typeof steps)[number];

export interface StepFacts extends RunFacts {
  /** Whose legacy endpoint the planned lookup URI is; null where it is nobody's, or none is planned. */
  readonly endpointOn: string | null;
}

export interface StepStanding {
  readonly step: Step;
  /** `next`: it can be taken now. `skipped`: it does not apply. */
  readonly status: 'done' | 'next' | 'blocked' | 'skipped';
  /** The rules that its command would be refused with; none where it is done, skipped or next. */
  readonly missing: readonly string[];
}

interface StepRules {
  readonly isDone: (facts: StepFacts) => boolean;
  readonly isSkipped?: (facts: StepFacts) => boolean;
  readonly rules?: (facts: StepFacts) => readonly Refusal[];
}

const stepRules: Readonly<Record<Step, StepRules>> = {
  'source-backup': { isDone: ({ run }) => run.sourceBackup !== null },
  'source-stop': { isDone: ({ run }) => run.sourceStopped, rules: sourceStopRules },
  export: { isDone: ({ run }) => run.exported !== null, rules: exportRules },
  inspection: { isDone: ({ run }) => run.inspected, rules: inspectionRules },
  'target-stop': { isDone: ({ run }) => run.targetStopped || run.imported !== null, rules: targetStopRules },
  'target-backup': {
    isDone: ({ run }) => run.targetBackup !== null,
    isSkipped: ({ run, targetHoldsContent }) => !needsTargetBackup(run, targetHoldsContent),
  },
  'dry-run': { isDone: ({ run }) => isClean(run), rules: dryRunRules },
  import: { isDone: ({ run }) => run.imported !== null, rules: importRules },
  files: { isDone: ({ run }) => run.files !== null, rules: afterImportRules },
  'lookup-account': {
    isDone: ({ run }) => run.lookupUri !== null && !knowsAccount(run),
    isSkipped: ({ run }) => run.lookupUri === null,
    rules: afterImportRules,
  },
  'legacy-endpoint': {
    isDone: ({ run, endpointOn }) => endpointOn === run.target,
    isSkipped: ({ run }) => run.lookupUri === null,
    rules: endpointRules,
  },
  'target-start': {
    // What a closed run had come to stays, whoever stops the target later.
    isDone: ({ run, targetHeldBy }) =>
      run.targetRan && !run.targetStopped && (run.closed !== null || targetHeldBy === null),
    rules: targetStartRules,
  },
  verification: { isDone: ({ run }) => run.verification?.conflicts === 0, rules: verificationRules },
  completion: { isDone: ({ run }) => run.closed === 'completed', rules: completionRules },
};

/** How each step of a run stands: the one rule for refusals and views. */
export function stepsOf(facts: StepFacts): readonly StepStanding[] {
  return steps.map((step) => {
    const { isDone, isSkipped, rules } = stepRules[step];
    if (isDone(facts)) return { step, status: 'done', missing: [] };
    if (isSkipped?.(facts)) return { step, status: 'skipped', missing: [] };
    const missing = closedRules(step, facts.run) ?? rules?.(facts) ?? [];
    return { step, status: missing.length > 0 ? 'blocked' : 'next', missing: missing.map(({ rule }) => rule) };
  });
}

/** A closed run takes no more steps; an endpoint may be added all the same. */
function closedRules(step: Step, run: KnownMigration): readonly Refusal[] | undefined {
  if (run.closed === null || (step === 'legacy-endpoint' && run.closed === 'completed')) return undefined;
  return [step === 'completion' ? refusal.rolledBack(run) : refusal.closed(run)];
}

/** Those of `AddLegacyEndpoint` that may apply: one URI cannot belong to two objects. */
function endpointRules({ run, endpointOn }: StepFacts): readonly Refusal[] {
  const { lookupUri, target } = run;
  return [
    ...(knowsAccount(run)
      ? [{ rule: 'endpoint.lookup-account-exists', detail: `the lookup account ${lookupUri} is not deleted yet` }]
      : []),
    ...(endpointOn !== null && endpointOn !== target
      ? [{ rule: 'endpoint.exists', detail: `${lookupUri} is a legacy endpoint of ${endpointOn}` }]
      : []),
  ];
}

/** The step that an event is evidence of; null where it is of none. */
export function stepOf(event: MigrationEvent): Step | null {
  switch (event.type) {
    case 'BackupRecorded':
      return event.data.side === 'source' ? 'source-backup' : 'target-backup';
    case 'ServicesStopped':
      return event.data.side === 'source' ? 'source-stop' : 'target-stop';
    case 'ServicesStarted':
      return event.data.side === 'target' ? 'target-start' : null;
    case 'DataExported':
      return 'export';
    case 'ExportInspected':
      return 'inspection';
    case 'DryRunRecorded':
      return 'dry-run';
    case 'DataImported':
      return 'import';
    case 'FilesCopied':
      return 'files';
    case 'LookupAccountDeleted':
      return 'lookup-account';
    case 'MigrationVerified':
      return 'verification';
    case 'MigrationCompleted':
      return 'completion';
    case 'MigrationPlanned':
    case 'ExportAttributed':
    case 'MigrationRolledBack':
      return null;
  }
}
