import { BaseCommand, defineCommand, Is, outcome, Refused, subject } from '#kernel';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { approveInspection } from './procedure.js';

export class ApproveInspection extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;
}

export const approveInspectionCommand = defineCommand(ApproveInspection, {
  summary: 'Approve the inspection of an export that somebody else has recorded',
  role: 'approver',
  example: { migration: 'tacoma' },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    return outcome(stream, approveInspection(run, command, tx.actor.id));
  },
});
