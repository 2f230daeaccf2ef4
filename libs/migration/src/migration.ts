import { type DeploymentId, neverEvent, type SipUri, type StreamRef, streamOf, type StreamType } from '#kernel';
import type {
  DataExported,
  DataImported,
  DryRunRecorded,
  FilesCopied,
  MigrationEvent,
  MigrationVerified,
} from './events.js';

/** A migration as its events tell it. What it had come to stays on record when it is closed. */
export interface KnownMigration {
  readonly migration: string;
  readonly source: DeploymentId;
  readonly target: DeploymentId;
  readonly contentCutoff: string | null;
  readonly lookupUri: SipUri | null;
  /** The reference of the last backup of each side. */
  readonly sourceBackup: string | null;
  readonly targetBackup: string | null;
  readonly sourceStopped: boolean;
  /** This run holds it stopped. */
  readonly targetStopped: boolean;
  /** It was started after the import: people may have written in it. */
  readonly targetRan: boolean;
  readonly exported: DataExported['data'] | null;
  /** The token that recorded the export. */
  readonly exportedBy: string | null;
  readonly inspected: boolean;
  readonly dryRun: DryRunRecorded['data'] | null;
  readonly imported: DataImported['data'] | null;
  readonly files: FilesCopied['data'] | null;
  readonly deletedAccounts: readonly SipUri[];
  readonly verification: MigrationVerified['data'] | null;
  readonly closed: 'completed' | 'rolled-back' | null;
}

/** Null while unknown. */
export type Migration = KnownMigration | null;

const nothingDone = {
  sourceBackup: null,
  targetBackup: null,
  sourceStopped: false,
  targetStopped: false,
  targetRan: false,
  exported: null,
  exportedBy: null,
  inspected: false,
  dryRun: null,
  imported: null,
  files: null,
  deletedAccounts: [],
  verification: null,
  closed: null,
} as const;

const migrations: StreamType<Migration, MigrationEvent> = {
  category: 'migration',
  initial: null,
  evolve: (state, event) => {
    if (event.type === 'MigrationPlanned') {
      const { contentCutoff = null, lookupUri = null, ...planned } = event.data;
      return { ...planned, contentCutoff, lookupUri, ...nothingDone };
    }
    return state && evolve(state, event);
  },
};

function evolve(state: KnownMigration, event: Exclude<MigrationEvent, { type: 'MigrationPlanned' }>): KnownMigration {
  switch (event.type) {
    case 'BackupRecorded': {
      const { side, reference } = event.data;
      return { ...state, [side === 'source' ? 'sourceBackup' : 'targetBackup']: reference };
    }
    case 'ServicesStopped':
      return event.data.side === 'source' ? { ...state, sourceStopped: true } : { ...state, targetStopped: true };
    case 'ServicesStarted':
      return event.data.side === 'source'
        ? { ...state, sourceStopped: false }
        : { ...state, targetStopped: false, targetRan: true };
    case 'DataExported':
      return { ...state, exported: event.data, inspected: false, dryRun: null };
    case 'ExportAttributed':
      return { ...state, exportedBy: event.data.by };
    case 'ExportInspected':
      return { ...state, inspected: true };
    case 'DryRunRecorded':
      return { ...state, dryRun: event.data };
    case 'DataImported':
      return { ...state, imported: event.data };
    case 'FilesCopied':
      return { ...state, files: event.data };
    case 'LookupAccountDeleted':
      return { ...state, deletedAccounts: [...state.deletedAccounts, event.data.uri] };
    case 'MigrationVerified':
      return { ...state, verification: event.data };
    case 'MigrationCompleted':
      return { ...state, closed: 'completed' };
    case 'MigrationRolledBack':
      return { ...state, closed: 'rolled-back' };
    default:
      return neverEvent(event);
  }
}

export const migrationStream = (migration: string): StreamRef<Migration, MigrationEvent> =>
  streamOf(migrations, migration);

export const migrationStates = [
  'planned',
  'source-stopped',
  'exported',
  'inspected',
  'dry-run-clean',
  'imported',
  'verified',
  'completed',
  'rolled-back',
] as const;
export type MigrationState = (typeof migrationStates)[number];

/** How far a run has come: the last of its states that it has reached. */
export function stateOf(run: KnownMigration): MigrationState {
  if (run.closed) return run.closed;
  if (run.imported) return run.verification?.conflicts === 0 ? 'verified' : 'imported';
  if (isClean(run)) return 'dry-run-clean';
  if (run.inspected) return 'inspected';
  if (run.exported) return 'exported';
  return run.sourceStopped ? 'source-stopped' : 'planned';
}

/** The dry run of the import found nothing: every error and every warning is to be fixed (JJ205264). */
export function isClean({ dryRun }: Pick<KnownMigration, 'dryRun'>): boolean {
  return dryRun !== null && dryRun.errors + dryRun.warnings === 0;
}
