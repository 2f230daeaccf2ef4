import type { GenerationId, Refusal, Tally } from '#kernel';
import type { KnownMigration } from './migration.js';
import { many } from './many.js';

// What the rules of a run say no with (`contract.md` §2.3).

export const unknownMigration = (migration: string): Refusal => ({
  rule: 'migration.unknown',
  detail: `there is no migration ${migration}; plan it first`,
});

export const existsOtherwise = ({ migration, source, target }: KnownMigration): Refusal => ({
  rule: 'migration.exists',
  detail: `the migration ${migration} is planned otherwise, from ${source} into ${target}; choose another id`,
});

export const sourceNotLegacy = (source: string, generation: GenerationId): Refusal => ({
  rule: 'migration.source-not-legacy',
  detail: `${source} is ${generation}; only a Group Chat deployment is migrated`,
});

export const targetNot2013 = (target: string, generation: GenerationId): Refusal => ({
  rule: 'migration.target-not-2013',
  detail: `${target} is ${generation}; only a lync-2013 deployment is migrated into`,
});

export const sourceHasRun = (source: string, migration: string): Refusal => ({
  rule: 'migration.source-has-run',
  detail: `${source} has the migration ${migration} already; roll it back before another one is planned`,
  migration,
});

export const sourceDecommissioned = (source: string): Refusal => ({
  rule: 'migration.source-decommissioned',
  detail: `${source} is decommissioned: there is nothing left to go back to`,
});

export const lossNotAccepted = ({ target }: KnownMigration): Refusal => ({
  rule: 'migration.loss-not-accepted',
  detail: `${target} ran after the import: what was written in it since is lost; accept that with acceptLossOfNewMessages`,
});

export const closed = ({ migration, closed }: KnownMigration): Refusal => ({
  rule: 'migration.closed',
  detail: `the migration ${migration} is ${closed === 'completed' ? 'completed' : 'rolled back'} and takes no more steps`,
});

export const noSourceBackup = ({ source }: KnownMigration): Refusal => ({
  rule: 'migration.no-source-backup',
  detail: `no backup of ${source} is recorded; back its database up first`,
});

export const targetBusy = ({ target }: KnownMigration, by: string): Refusal => ({
  rule: 'migration.target-busy',
  detail: `the migration ${by} holds ${target} stopped; wait until it has started it again`,
  migration: by,
});

export const sourceRunning = ({ source }: KnownMigration): Refusal => ({
  rule: 'migration.source-running',
  detail: `the services of ${source} are running; stop them first`,
});

export const sourceStaysStopped = ({ source }: KnownMigration): Refusal => ({
  rule: 'migration.source-stays-stopped',
  detail: `the services of ${source} stay stopped; only a rollback of the migration starts them`,
});

export const findingsOpen = ({ migration }: KnownMigration, findings: readonly string[]): Refusal => ({
  rule: 'migration.findings-open',
  detail: `findings of ${migration} or its source are open that are errors: ${findings.join(', ')}`,
  findings,
});

export const alreadyImported = ({ migration }: KnownMigration): Refusal => ({
  rule: 'migration.already-imported',
  detail: `the import of ${migration} is on record already; only a rollback undoes it`,
});

export const notExported = ({ source }: KnownMigration): Refusal => ({
  rule: 'migration.not-exported',
  detail: `no export of ${source} is recorded; export it first`,
});

export const samePerson = ({ migration }: KnownMigration): Refusal => ({
  rule: 'approval.same-person',
  detail: `you recorded the export of ${migration} yourself; somebody else has to inspect and approve it`,
});

export const notInspected = ({ migration }: KnownMigration): Refusal => ({
  rule: 'migration.not-inspected',
  detail: `the last export of ${migration} is not inspected; have it approved first`,
});

/** `by`: another run that holds the target stopped; null where it runs. */
export const targetRunning = ({ migration, target }: KnownMigration, by: string | null): Refusal => ({
  rule: 'migration.target-running',
  detail:
    by === null
      ? `the services of ${target} are running; stop them first`
      : `the migration ${by} holds ${target} stopped and may start it; wait until it has, then stop it for ${migration}`,
});

export const targetStopped = ({ migration, target }: KnownMigration, by: string): Refusal => ({
  rule: 'migration.target-stopped',
  detail:
    by === migration
      ? `the services of ${target} are stopped; start them first`
      : `the migration ${by} holds ${target} stopped; wait until it has started it again`,
});

export const dryRunNotClean = ({ migration, dryRun }: KnownMigration): Refusal => ({
  rule: 'migration.dry-run-not-clean',
  detail: dryRun
    ? `the last dry run of ${migration} had ${many(dryRun.errors, 'error')} and ${many(dryRun.warnings, 'warning')}; fix them and run it again`
    : `no dry run of the last export of ${migration} is recorded; run it with -WhatIf first`,
});

export const noTargetBackup = ({ target }: KnownMigration): Refusal => ({
  rule: 'migration.no-target-backup',
  detail: `${target} holds content, which an import may overwrite, and no backup of it is recorded; back its database up first`,
});

export const notImported = ({ migration }: KnownMigration): Refusal => ({
  rule: 'migration.not-imported',
  detail: `no import of ${migration} is recorded; import first`,
});

export const rolledBack = ({ migration }: KnownMigration): Refusal => ({
  rule: 'migration.rolled-back',
  detail: `the migration ${migration} is rolled back; plan another one of its source`,
});

export const notVerified = ({ migration }: KnownMigration): Refusal => ({
  rule: 'migration.not-verified',
  detail: `no verification of ${migration} is recorded; verify it first`,
});

export const conflictsOpen = ({ migration }: KnownMigration, conflicts: number): Refusal => ({
  rule: 'migration.conflicts-open',
  detail: `the last verification of ${migration} found ${conflicts} conflicts; solve them and verify again`,
});

export const filesNotCopied = ({ source }: KnownMigration): Refusal => ({
  rule: 'migration.files-not-copied',
  detail: `the uploaded files of ${source} are not recorded as copied; no cmdlet copies them, XCOPY does`,
});

export const carryOverPending = ({ migration, target }: KnownMigration): Refusal => ({
  rule: 'migration.carry-over-pending',
  detail: `the content of ${migration} is still being carried over into ${target}; try again when it is there`,
});

/** The first of them are named: what stayed behind is removed from the source, or the run goes back and excludes it. */
export const roomsNotAccounted = ({ source }: KnownMigration, { count, offenders }: Tally): Refusal => ({
  rule: 'migration.rooms-unaccounted',
  detail: `${count} ${count === 1 ? 'room' : 'rooms'} of ${source} are neither excluded nor carried over; remove what is to stay behind from ${source}, or roll back and exclude or rename it`,
  count,
  offenders,
});

export const lookupAccountExists = ({ lookupUri }: KnownMigration): Refusal => ({
  rule: 'migration.lookup-account-exists',
  detail: `the lookup account ${lookupUri} is not recorded as deleted; delete it first`,
});
