import { BaseCommand, defineCommand, Is, outcome, Refused, subject } from '#kernel';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { recordFilesCopied } from './procedure.js';

export class RecordFilesCopied extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.Count('how many files were copied')
  readonly files!: number;

  @Is.Count('how many bytes they have')
  readonly bytes!: number;
}

export const recordFilesCopiedCommand = defineCommand(RecordFilesCopied, {
  summary: 'Record that the uploaded files were copied',
  role: 'operator',
  example: { migration: 'tacoma', files: 0, bytes: 0 },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    return outcome(stream, recordFilesCopied(run, command));
  },
});
