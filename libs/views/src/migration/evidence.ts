import { sayCount } from '#content';
import { many, type MigrationEvent } from '#migration';

/** What an event of a migration shows for its step, in words; null where nothing but who did it and when. */
export function evidenceOf(event: MigrationEvent): string | null {
  switch (event.type) {
    case 'BackupRecorded':
      return event.data.reference;
    case 'DataExported': {
      const { file, sha256 } = event.data;
      return joined(`${file}: ${sayCount(event.data)}`, sha256 && `SHA-256 ${sha256}`);
    }
    case 'DryRunRecorded': {
      const { errors, warnings, report } = event.data;
      return joined(`${many(errors, 'error')} and ${many(warnings, 'warning')}`, report);
    }
    case 'DataImported':
      return joined(sayCount(event.data), event.data.report);
    case 'FilesCopied':
      return `${many(event.data.files, 'file')}, ${many(event.data.bytes, 'byte')}`;
    case 'LookupAccountDeleted':
      return event.data.uri;
    case 'MigrationVerified': {
      const { method, conflicts, report } = event.data;
      return joined(`${method}: ${many(conflicts, 'conflict')}`, report);
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

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join('; ');
