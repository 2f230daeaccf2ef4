import { BaseCommand, defineCommand, Is, outcome, Refused, subject } from '#kernel';
import { type Side, sides } from './events.js';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { recordBackup } from './procedure.js';

export class RecordBackup extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.OneOf(sides, 'the legacy deployment, or the Persistent Chat one')
  readonly side!: Side;

  @Is.Text('where the backup is kept')
  readonly reference!: string;
}

export const recordBackupCommand = defineCommand(RecordBackup, {
  summary: 'Record a backup of the database of one side',
  role: 'operator',
  example: { migration: 'tacoma', side: 'source', reference: '\\\\backup01\\groupchat, 4 May' },
  moreExamples: { target: { migration: 'tacoma', side: 'target', reference: '\\\\backup01\\mgc, 4 May' } },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    return outcome(stream, recordBackup(run, command));
  },
});
