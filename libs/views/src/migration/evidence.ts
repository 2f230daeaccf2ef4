import type { MigrationEvent, ReportedCounts } from '#migration';

/** What an event of a migration shows for its step, in words; null where nothing but who did it and when. */
export function evidenceOf(event: MigrationEvent): string | null {
  switch (event.type) {
    case 'BackupRecorded':
      return event.data.reference;
    case 'DataExported': {
      const { file, sha256 } = event.data;
      return joined(`${file}: ${counted(event.data)}`, sha256 && `SHA-256 ${sha256}`);
    }
    case 'DryRunRecorded': {
      const { errors, warnings, report } = event.data;
      return joined(`${errors} errors and ${warnings} warnings`, report);
    }
    case 'DataImported':
      return joined(counted(event.data), event.data.report);
    case 'FilesCopied':
      return `${event.data.files} files, ${event.data.bytes} bytes`;
    case 'LookupAccountDeleted':
      return event.data.uri;
    case 'MigrationVerified': {
      const { method, conflicts, report } = event.data;
      return joined(`${method}: ${conflicts} conflicts`, report);
    }
    case 'MigrationPlanned':
    case 'ServicesStopped':
    case 'ServicesStarted':
    case 'ExportAttributed':
    case 'ExportInspected':
    case 'MigrationCompleted':
      return null;
    case 'MigrationRolledBack':
      return event.data.reason;
  }
}

const counted = ({ categories, rooms, addIns }: ReportedCounts): string =>
  `${categories} categories, ${rooms} rooms and ${addIns} add-ins`;

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join('; ');
