import { anyCommand, type Context } from '#kernel';
import { approveInspectionCommand } from './approve-inspection.js';
import { carryOverQueueEvents } from './carry-over-queue.js';
import { completeMigrationCommand } from './complete-migration.js';
import { deleteLookupAccountCommand } from './delete-lookup-account.js';
import { findingEvents, migrationEvents } from './event-catalogue.js';
import { migratingEvents } from './migrating.js';
import { planMigrationCommand } from './plan-migration.js';
import { recordBackupCommand } from './record-backup.js';
import { recordDryRunCommand } from './record-dry-run.js';
import { recordExportCommand } from './record-export.js';
import { recordFilesCopiedCommand } from './record-files-copied.js';
import { recordImportCommand } from './record-import.js';
import { recordVerificationCommand } from './record-verification.js';
import { resolveFindingCommand } from './resolve-finding.js';
import { rollBackMigrationCommand } from './roll-back-migration.js';
import { startServicesCommand } from './start-services.js';
import { stopServicesCommand } from './stop-services.js';
import { waiveFindingCommand } from './waive-finding.js';

export { many } from './many.js';
export { roomsUnaccounted } from './accounting.js';
export { rollBackRules } from './closing.js';
export { carryOverQueue, type CarryOverQueue, type CarryOverTask } from './carry-over-queue.js';
export * from './events.js';
export * from './finding-facts.js';
export {
  type FindingRecord,
  type FindingRecords,
  type FindingStanding,
  recordFinding,
  standingOf,
} from './finding-records.js';
export * from './findings.js';
export { type Categories, carryOverPlan, FlatNames } from './flatten.js';
export { type Migrating, migratingStream } from './migrating.js';
export * from './migration.js';
export { type ErrorFacts, openErrors } from './run-facts.js';
export type { RunFacts } from './rules.js';
export * from './steps.js';

export const migration: Context = {
  commands: [
    anyCommand(planMigrationCommand),
    anyCommand(resolveFindingCommand),
    anyCommand(waiveFindingCommand),
    anyCommand(recordBackupCommand),
    anyCommand(stopServicesCommand),
    anyCommand(recordExportCommand),
    anyCommand(approveInspectionCommand),
    anyCommand(recordDryRunCommand),
    anyCommand(recordImportCommand),
    anyCommand(recordFilesCopiedCommand),
    anyCommand(deleteLookupAccountCommand),
    anyCommand(startServicesCommand),
    anyCommand(recordVerificationCommand),
    anyCommand(completeMigrationCommand),
    anyCommand(rollBackMigrationCommand),
  ],
  events: { ...migrationEvents, ...findingEvents, ...migratingEvents, ...carryOverQueueEvents },
};
