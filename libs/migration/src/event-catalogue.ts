import { sayCount } from '#content';
import { describeEvents, subject } from '#kernel';
import type { FindingEvent, MigrationEvent } from './events.js';
import { many } from './many.js';

const itself = ({ migration }: { readonly migration: string }) => [subject.migration(migration)];

export const migrationEvents = describeEvents<MigrationEvent>({
  MigrationPlanned: {
    schemaVersion: 1,
    subjects: ({ migration, source, target }) => [
      subject.migration(migration),
      subject.deployment(source),
      subject.deployment(target),
    ],
    say: ({ migration, source, target }) => `planned the migration ${migration} of ${source} into ${target}`,
  },
  BackupRecorded: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, side, reference }) => `recorded a backup of the ${side} of ${migration}: ${reference}`,
  },
  ServicesStopped: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, side }) => `stopped the services of the ${side} of ${migration}`,
  },
  ServicesStarted: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, side }) => `started the services of the ${side} of ${migration}`,
  },
  DataExported: {
    schemaVersion: 1,
    subjects: itself,
    say: (data) => `recorded the export of ${sayCount(data)} for ${data.migration}, in ${data.file}`,
  },
  ExportAttributed: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, by }) => `noted that the token ${by} recorded the export of ${migration}`,
    internal: true,
  },
  ExportInspected: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration }) => `approved the inspection of the export of ${migration}`,
  },
  DryRunRecorded: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, errors, warnings }) =>
      `recorded a dry run of the import of ${migration} with ${many(errors, 'error')} and ${many(warnings, 'warning')}`,
  },
  DataImported: {
    schemaVersion: 1,
    subjects: itself,
    say: (data) => `recorded the import of ${sayCount(data)} for ${data.migration}`,
  },
  FilesCopied: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, files, bytes }) =>
      `recorded that ${many(files, 'file')} (${many(bytes, 'byte')}) of ${migration} were copied`,
  },
  LookupAccountDeleted: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, uri }) => `recorded that the lookup account ${uri} of ${migration} was deleted`,
  },
  MigrationVerified: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration, method, conflicts }) =>
      `recorded a verification of ${migration} by ${method} with ${many(conflicts, 'conflict')}`,
  },
  MigrationCompleted: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ migration }) => `completed the migration ${migration}`,
  },
  MigrationRolledBack: {
    schemaVersion: 2,
    // What it undoes was not told then.
    upcast: { 1: (data) => ({ ...data }) },
    subjects: itself,
    say: ({ migration, reason }) => `rolled back the migration ${migration}: ${reason}`,
  },
});

export const findingEvents = describeEvents<FindingEvent>({
  FindingResolved: {
    schemaVersion: 1,
    subjects: ({ subject }) => [subject],
    say: ({ subject, finding, resolution }) => `resolved the finding ${finding} of ${subject}: ${resolution}`,
  },
  FindingWaived: {
    schemaVersion: 1,
    subjects: ({ subject }) => [subject],
    say: ({ subject, finding, reason, expiresAt }) =>
      `waived the finding ${finding} of ${subject}${expiresAt === null ? '' : ` until ${expiresAt}`}: ${reason}`,
  },
});
