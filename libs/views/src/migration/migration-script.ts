import type { KnownMigration, Step } from '#migration';
import { stateOf } from '#migration';
import {
  byteOrderMark,
  call,
  type Cmdlet,
  cmdlet,
  heading,
  lines,
  remark,
  scriptHead,
  type ScriptParameter,
  Variable,
} from '#powershell';
import { Asked } from '../parameters.js';
import { text } from '../schemas.js';
import type { ViewDefinition } from '../view.js';
import { projections, RunsShown, type ShownStep } from './migrations-view.js';

/** A cmdlet, one that only ever tells what it would do, or what has to be done by hand. */
type Act = { readonly run: Cmdlet } | { readonly rehearse: Cmdlet } | { readonly byHand: string };

interface StepScript {
  /** The pool is that on which the target is homed. */
  readonly acts: (run: KnownMigration, pool: string) => readonly Act[];
  /** The command that records the step. */
  readonly record: string;
}

const byHand = (what: string): Act => ({ byHand: what });
const run = (made: Cmdlet): Act => ({ run: made });
const variable = (name: string): Variable => new Variable(name);

const imported = (report: string): Cmdlet =>
  cmdlet('Import-CsPersistentChatData', {
    DBInstance: variable('TargetDBInstance'),
    FileName: variable('ExportFile'),
    Report: variable(report),
  });

/** Microsoft's procedure (JJ205264; `domain.md` §1.3 C, §1.4, §1.6). */
const scripts: Readonly<Record<Step, StepScript>> = {
  'source-backup': {
    acts: ({ source }) => [byHand(`back up the Group Chat database of ${source} with SQL Server`)],
    record: 'RecordBackup (side: source)',
  },
  'source-stop': {
    acts: ({ source }) => [
      byHand(`stop all Group Chat services on the servers of ${source}: nobody can chat there from now on`),
    ],
    record: 'StopServices (side: source)',
  },
  export: {
    acts: ({ contentCutoff }) => [
      ...(contentCutoff === null
        ? []
        : [
            byHand(
              '-StartDate is documented for -Level RoomDirectory alone: look into the report whether it was heeded',
            ),
          ]),
      run(
        cmdlet('Export-CsPersistentChatData', {
          DBInstance: variable('SourceDBInstance'),
          FileName: variable('ExportFile'),
          StartDate: contentCutoff ?? undefined,
          Report: variable('ExportReport'),
        }),
      ),
    ],
    record: 'RecordExport, with the counts of the report',
  },
  inspection: {
    acts: () => [byHand('read the report and look into the file; somebody else than who exported approves it')],
    record: 'ApproveInspection',
  },
  'target-stop': {
    acts: () => [
      byHand('the cmdlet stops all Lync Server services on that server; name one with -Name where others run there'),
      run(cmdlet('Stop-CsWindowsService', { ComputerName: variable('TargetServer') })),
    ],
    record: 'StopServices (side: target)',
  },
  'target-backup': {
    acts: () => [
      byHand(
        'a SQL Server backup does as well; what Export-CsPersistentChatData saved, Import-CsPersistentChatData restores',
      ),
      run(
        cmdlet('Export-CsPersistentChatData', {
          DBInstance: variable('TargetDBInstance'),
          FileName: variable('TargetBackupFile'),
        }),
      ),
    ],
    record: 'RecordBackup (side: target)',
  },
  'dry-run': {
    acts: () => [
      { rehearse: imported('DryRunReport') },
      byHand('fix every error and every warning of the report, and run it again'),
    ],
    record: 'RecordDryRun, with the errors and warnings of the report',
  },
  import: {
    acts: () => [byHand('what has a name of the export in the target is overwritten'), run(imported('ImportReport'))],
    record: 'RecordImport, with the counts of the report',
  },
  files: {
    acts: () => [
      byHand('copy the whole upload folder to the new file store with XCOPY: no cmdlet copies uploaded files'),
    ],
    record: 'RecordFilesCopied',
  },
  'lookup-account': {
    acts: ({ lookupUri }) =>
      lookupUri === null
        ? []
        : [byHand(`delete the lookup account ${lookupUri}: one address cannot belong to two objects`)],
    record: 'DeleteLookupAccount',
  },
  'legacy-endpoint': {
    acts: ({ lookupUri, target }) =>
      lookupUri === null
        ? []
        : [run(cmdlet('New-CsPersistentChatEndpoint', { SipAddress: lookupUri, PersistentChatPoolFqdn: target }))],
    record: 'AddLegacyEndpoint',
  },
  'target-start': {
    acts: () => [run(cmdlet('Start-CsWindowsService', { ComputerName: variable('TargetServer') }))],
    record: 'StartServices (side: target)',
  },
  verification: {
    acts: ({ target }, pool) => [
      run(cmdlet('Get-CsPersistentChatCategory', { PersistentChatPoolFqdn: target })),
      run(cmdlet('Get-CsPersistentChatRoom', { PersistentChatPoolFqdn: target })),
      run(cmdlet('Get-CsPersistentChatAddin', { PersistentChatPoolFqdn: target })),
      byHand(`the test takes the test accounts of ${pool} (New-CsHealthMonitoringConfiguration)`),
      run(cmdlet('Test-CsPersistentChatMessage', { TargetFqdn: pool })),
      byHand('or compare the databases with ChatUpgradeVerifier of the Resource Kit'),
    ],
    record: 'RecordVerification, with the number of conflicts',
  },
  completion: { acts: () => [], record: 'CompleteMigration' },
};

/** What the tracker does not know of a run. */
function parametersOf({ migration, exported, dryRun, imported }: KnownMigration): readonly ScriptParameter[] {
  return [
    { name: 'SourceDBInstance', about: 'SQL Server of the Group Chat database: sqlfqdn\\instance' },
    { name: 'TargetDBInstance', about: 'SQL Server of the Persistent Chat database: sqlfqdn\\instance' },
    {
      name: 'TargetServer',
      about: 'FQDN of the Persistent Chat server; where there are several, repeat its lines for each',
    },
    { name: 'ExportFile', about: 'File of the export', fallback: exported?.file ?? `C:\\${migration}.zip` },
    { name: 'ExportReport', about: 'Report of the export', fallback: `C:\\${migration}-export.html` },
    { name: 'TargetBackupFile', about: 'Backup of the target', fallback: `C:\\${migration}-target.zip` },
    {
      name: 'DryRunReport',
      about: 'Report of the dry run; one that is there is overwritten',
      fallback: dryRun?.report ?? `C:\\${migration}-dry-run.html`,
    },
    {
      name: 'ImportReport',
      about: 'Report of the import; one that is there is overwritten',
      fallback: imported?.report ?? `C:\\${migration}-import.html`,
    },
  ];
}

/** A run as a script of Microsoft's cmdlets in their order: what is done already or does not apply stands there as a comment. */
export function migrationScript(run: KnownMigration, steps: readonly ShownStep[], pool: string, at: number): string {
  const { migration, source, target } = run;
  const about = [
    `Migration ${migration} of ${source} into ${target}, state ${stateOf(run)}, as of position ${Math.max(at, 0)}`,
    'Each part is a step of the migration. Record it in Homeward when it is done, then take the script anew:',
    'a step that still lacks something is never taken, also with -Apply.',
    ...(run.closed === null ? [] : ['The migration is closed: nothing is left to do here.']),
  ];
  const parts = steps.map((step, index) => partOf(run, step, index + 1, pool));
  return byteOrderMark + scriptHead(about, parametersOf(run)) + parts.join('');
}

function partOf(run: KnownMigration, shown: ShownStep, number: number, pool: string): string {
  const { step, status } = shown;
  const { acts, record } = scripts[step];
  const isDue = run.closed === null && (status === 'next' || status === 'blocked');
  const recorded = isDue ? [remark(`then record it: ${record}`)] : [];
  return (
    heading(`${number}. ${step}: ${standingOf(shown)}`) +
    lines(...acts(run, pool).map((act) => lineOf(act, isDue ? status : 'over')), ...recorded)
  );
}

function standingOf({ status, by, at, evidence, missing }: ShownStep): string {
  switch (status) {
    case 'done':
      return ['done', at ?? '', by ? `by ${by.name}` : '', evidence === null ? '' : `(${evidence})`]
        .filter((part) => part !== '')
        .join(' ');
    case 'skipped':
      return 'does not apply';
    case 'next':
      return 'can be done now';
    case 'blocked':
      return `not yet: ${missing.join(', ')}`;
  }
}

/** Only what can be done now is ever done: what still lacks something tells what it would do, also where the script is applied. */
function lineOf(act: Act, status: ShownStep['status'] | 'over'): string {
  if ('byHand' in act) return remark(act.byHand);
  const made = 'rehearse' in act ? act.rehearse : act.run;
  if (status === 'next' && 'run' in act) return call(made);
  return (status === 'next' || status === 'blocked') && made.asks ? call(made, undefined, 'always') : remark(made.text);
}

export const migrationScriptView: ViewDefinition = {
  path: '/api/migrations/:migration/script',
  summary: 'A migration as a PowerShell script of Microsoft’s cmdlets in their order; it asks first (-WhatIf)',
  kind: 'one',
  parameters: { migration: Asked.migration('id of the migration') },
  projections,
  item: text,
  file: { media: 'text/plain', name: ({ migration }) => `migration-${String(migration)}.ps1` },
  run: (db, query) => {
    const shown = new RunsShown(db, query);
    const runAt = shown.migrations.run(String(query.input['migration']));
    if (!runAt) return undefined;
    const steps = shown.steps(runAt, shown.findingsOf(runAt));
    const pool = shown.topology.deployment(runAt.run.target)?.homedOn ?? runAt.run.target;
    return { text: migrationScript(runAt.run, steps, pool, query.at) };
  },
};
