import { BaseCommand, defineCommand, Is, outcome, Refused, subject } from '#kernel';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { recordDryRun } from './procedure.js';

export class RecordDryRun extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.Count('how many errors it told')
  readonly errors!: number;

  @Is.Count('how many warnings it told')
  readonly warnings!: number;

  @Is.Text('where its report is kept', { optional: true })
  readonly report?: string;
}

export const recordDryRunCommand = defineCommand(RecordDryRun, {
  summary: 'Record a dry run of the import (-WhatIf)',
  role: 'operator',
  example: { migration: 'tacoma', errors: 0, warnings: 0 },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const { heldBy: targetHeldBy } = await tx.load(migratingStream(run.target));
    return outcome(stream, recordDryRun({ run, targetHeldBy }, command));
  },
});
