import { type Decision, type DomainEvent, type Refusal, Refused, type SipUri } from '#kernel';
import type { MigrationEvent, ReportedCounts, Side, VerificationMethod } from './events.js';
import type { KnownMigration } from './migration.js';
import * as refusal from './refusals.js';
import {
  afterImportRules,
  dryRunRules,
  exportRules,
  importRules,
  inspectionRules,
  type RunFacts,
  sourceStopRules,
  targetStartRules,
  targetStopRules,
  verificationRules,
} from './rules.js';

// The steps of a run that is open, one decision each.

function unless<E extends DomainEvent>(refusals: readonly Refusal[], ...events: readonly E[]): Decision<E> {
  return refusals.length > 0 ? new Refused(refusals) : events;
}

/** Every field that is wanted is on record with the same value, and none else. */
function holds(known: object | null, wanted: object): boolean {
  if (known === null) return false;
  const [before, now] = [known as Record<string, unknown>, wanted as Record<string, unknown>];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].every((field) => before[field] === now[field]);
}

/** The fields that were given: an event leaves out the others. */
export function given<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

type Named<Fields = object> = { readonly migration: string } & Fields;

export function recordBackup(
  run: KnownMigration,
  { migration, side, reference }: Named<{ readonly side: Side; readonly reference: string }>,
): Decision<MigrationEvent> {
  const known = side === 'source' ? run.sourceBackup : run.targetBackup;
  return known === reference ? [] : [{ type: 'BackupRecorded', data: { migration, side, reference } }];
}

export function stopServices(
  { run, targetHeldBy }: Pick<RunFacts, 'run' | 'targetHeldBy'>,
  { migration, side }: Named<{ readonly side: Side }>,
): Decision<MigrationEvent> {
  if (side === 'source' ? run.sourceStopped : run.targetStopped) return [];
  const refusals = side === 'source' ? sourceStopRules({ run }) : targetStopRules({ run, targetHeldBy });
  return unless(refusals, { type: 'ServicesStopped', data: { migration, side } });
}

/** A target that was not imported into is told so whether it runs or not: it would have no reason to have been stopped. */
export function startServices(
  { run, targetHeldBy }: Pick<RunFacts, 'run' | 'targetHeldBy'>,
  { migration, side }: Named<{ readonly side: Side }>,
): Decision<MigrationEvent> {
  if (side === 'source') return run.sourceStopped ? new Refused([refusal.sourceStaysStopped(run)]) : [];
  const missing = targetStartRules({ run, targetHeldBy });
  if (missing.length > 0) return new Refused(missing);
  return run.targetStopped ? [{ type: 'ServicesStarted', data: { migration, side } }] : [];
}

export function recordExport(
  facts: Pick<RunFacts, 'run' | 'openErrors'>,
  wanted: Named<ReportedCounts & { readonly file: string; readonly sha256?: string }>,
  by: string,
): Decision<MigrationEvent> {
  const { run } = facts;
  const { migration, file, categories, rooms, addIns, sha256 } = wanted;
  const data = given({ migration, file, categories, rooms, addIns, sha256 });
  if (!run.imported && holds(run.exported, data)) return [];
  return unless<MigrationEvent>(
    exportRules(facts),
    { type: 'DataExported', data },
    { type: 'ExportAttributed', data: { migration, by } },
  );
}

export function approveInspection(run: KnownMigration, { migration }: Named, by: string): Decision<MigrationEvent> {
  if (run.inspected) return [];
  const refusals = [...inspectionRules({ run }), ...(run.exportedBy === by ? [refusal.samePerson(run)] : [])];
  return unless(refusals, { type: 'ExportInspected', data: { migration } });
}

export function recordDryRun(
  { run, targetHeldBy }: Pick<RunFacts, 'run' | 'targetHeldBy'>,
  wanted: Named<{ readonly errors: number; readonly warnings: number; readonly report?: string }>,
): Decision<MigrationEvent> {
  const { migration, errors, warnings, report } = wanted;
  const data = given({ migration, errors, warnings, report });
  if (!run.imported && holds(run.dryRun, data)) return [];
  return unless(dryRunRules({ run, targetHeldBy }), { type: 'DryRunRecorded', data });
}

/** The same counts once more are the same import, whatever report it is told with. */
export function recordImport(
  facts: Pick<RunFacts, 'run' | 'targetHoldsContent' | 'targetHeldBy'>,
  wanted: Named<ReportedCounts & { readonly report?: string }>,
): Decision<MigrationEvent> {
  const { imported } = facts.run;
  const { migration, categories, rooms, addIns, report } = wanted;
  if (imported?.categories === categories && imported.rooms === rooms && imported.addIns === addIns) return [];
  return unless(importRules(facts), {
    type: 'DataImported',
    data: given({ migration, categories, rooms, addIns, report }),
  });
}

export function recordFilesCopied(
  run: KnownMigration,
  { migration, files, bytes }: Named<{ readonly files: number; readonly bytes: number }>,
): Decision<MigrationEvent> {
  const data = { migration, files, bytes };
  if (holds(run.files, data)) return [];
  return unless(afterImportRules({ run }), { type: 'FilesCopied', data });
}

export function deleteLookupAccount(
  run: KnownMigration,
  { migration, uri }: Named<{ readonly uri: SipUri }>,
): Decision<MigrationEvent> {
  if (run.deletedAccounts.includes(uri)) return [];
  return unless(afterImportRules({ run }), { type: 'LookupAccountDeleted', data: { migration, uri } });
}

/** The last verification counts. */
export function recordVerification(
  { run, targetHeldBy }: Pick<RunFacts, 'run' | 'targetHeldBy'>,
  wanted: Named<{ readonly method: VerificationMethod; readonly conflicts: number; readonly report?: string }>,
): Decision<MigrationEvent> {
  const { migration, method, conflicts, report } = wanted;
  const data = given({ migration, method, conflicts, report });
  if (holds(run.verification, data)) return [];
  return unless(verificationRules({ run, targetHeldBy }), { type: 'MigrationVerified', data });
}
