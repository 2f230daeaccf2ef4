import type { DeploymentId, DomainEvent, SipUri, Subject } from '#kernel';

export const sides = ['source', 'target'] as const;
export type Side = (typeof sides)[number];

export const verificationMethods = ['chat-upgrade-verifier', 'test-message', 'counts'] as const;
export type VerificationMethod = (typeof verificationMethods)[number];

interface Named {
  readonly migration: string;
}
interface OnSide extends Named {
  readonly side: Side;
}
/** As the operator reports them. */
export interface ReportedCounts {
  readonly categories: number;
  readonly rooms: number;
  readonly addIns: number;
}

// Optional fields that were not given are absent.
export type MigrationPlanned = DomainEvent<
  'MigrationPlanned',
  Named & {
    readonly source: DeploymentId;
    readonly target: DeploymentId;
    /** A day (`2012-01-31`) or an instant. */
    readonly contentCutoff?: string;
    readonly lookupUri?: SipUri;
  }
>;
export type BackupRecorded = DomainEvent<'BackupRecorded', OnSide & { readonly reference: string }>;
export type ServicesStopped = DomainEvent<'ServicesStopped', OnSide>;
export type ServicesStarted = DomainEvent<'ServicesStarted', OnSide>;
/** Inspection and dry run are due again. */
export type DataExported = DomainEvent<
  'DataExported',
  Named & ReportedCounts & { readonly file: string; readonly sha256?: string }
>;
/** The token that recorded the last export: it may not approve it. */
export type ExportAttributed = DomainEvent<'ExportAttributed', Named & { readonly by: string }>;
export type ExportInspected = DomainEvent<'ExportInspected', Named>;
export type DryRunRecorded = DomainEvent<
  'DryRunRecorded',
  Named & { readonly errors: number; readonly warnings: number; readonly report?: string }
>;
export type DataImported = DomainEvent<'DataImported', Named & ReportedCounts & { readonly report?: string }>;
export type FilesCopied = DomainEvent<'FilesCopied', Named & { readonly files: number; readonly bytes: number }>;
export type LookupAccountDeleted = DomainEvent<'LookupAccountDeleted', Named & { readonly uri: SipUri }>;
export type MigrationVerified = DomainEvent<
  'MigrationVerified',
  Named & { readonly method: VerificationMethod; readonly conflicts: number; readonly report?: string }
>;
export type MigrationCompleted = DomainEvent<'MigrationCompleted', Named>;
/** The source runs again and may be planned anew; `CarriedContentTakenBack` batches follow where something was carried over. */
export type MigrationRolledBack = DomainEvent<
  'MigrationRolledBack',
  Named & { readonly reason: string; readonly acceptLossOfNewMessages?: boolean; readonly undoes?: Undone }
>;
/** What a rollback found to undo in the target when it was decided; the batches that follow tell what became of it. */
export interface Undone {
  /** Carried over until then. */
  readonly takesOut: ReportedCounts;
  /** Things that were overwritten and come back. */
  readonly restores: number;
  /** Categories and add-ins that were carried over and stay, because others have put rooms in them. */
  readonly keeps: number;
}

export type MigrationEvent =
  | MigrationPlanned
  | BackupRecorded
  | ServicesStopped
  | ServicesStarted
  | DataExported
  | ExportAttributed
  | ExportInspected
  | DryRunRecorded
  | DataImported
  | FilesCopied
  | LookupAccountDeleted
  | MigrationVerified
  | MigrationCompleted
  | MigrationRolledBack;

/** Recorded in the stream of the finding's subject. */
export type FindingResolved = DomainEvent<
  'FindingResolved',
  { readonly subject: Subject; readonly finding: string; readonly resolution: string }
>;
export type FindingWaived = DomainEvent<
  'FindingWaived',
  {
    readonly subject: Subject;
    readonly finding: string;
    readonly reason: string;
    /** It holds before this instant; null: for good. */
    readonly expiresAt: string | null;
  }
>;
export type FindingEvent = FindingResolved | FindingWaived;
