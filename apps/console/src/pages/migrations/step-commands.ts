interface StepCommand {
  readonly name: string;
  readonly path: string;
  readonly role: 'operator' | 'approver';
  readonly fields: Readonly<Record<string, string>>;
}

const operator = 'operator' as const;

/** The command that records a step, its known fields filled in. */
export function commandOfStep(step: string, migration: string, target: string): StepCommand | undefined {
  const fields = { migration };
  switch (step) {
    case 'source-backup':
      return { name: 'RecordBackup', path: 'record-backup', role: operator, fields: { ...fields, side: 'source' } };
    case 'source-stop':
      return { name: 'StopServices', path: 'stop-services', role: operator, fields: { ...fields, side: 'source' } };
    case 'export':
      return { name: 'RecordExport', path: 'record-export', role: operator, fields };
    case 'inspection':
      return { name: 'ApproveInspection', path: 'approve-inspection', role: 'approver', fields };
    case 'target-stop':
      return { name: 'StopServices', path: 'stop-services', role: operator, fields: { ...fields, side: 'target' } };
    case 'target-backup':
      return { name: 'RecordBackup', path: 'record-backup', role: operator, fields: { ...fields, side: 'target' } };
    case 'dry-run':
      return { name: 'RecordDryRun', path: 'record-dry-run', role: operator, fields };
    case 'import':
      return { name: 'RecordImport', path: 'record-import', role: operator, fields };
    case 'files':
      return { name: 'RecordFilesCopied', path: 'record-files-copied', role: operator, fields };
    case 'lookup-account':
      return { name: 'DeleteLookupAccount', path: 'delete-lookup-account', role: operator, fields };
    case 'legacy-endpoint':
      return { name: 'AddLegacyEndpoint', path: 'add-legacy-endpoint', role: operator, fields: { deployment: target } };
    case 'target-start':
      return { name: 'StartServices', path: 'start-services', role: operator, fields: { ...fields, side: 'target' } };
    case 'verification':
      return { name: 'RecordVerification', path: 'record-verification', role: operator, fields };
    case 'completion':
      return { name: 'CompleteMigration', path: 'complete-migration', role: operator, fields };
    default:
      return undefined;
  }
}
