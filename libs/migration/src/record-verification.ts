import { BaseCommand, defineCommand, Is, outcome, Refused, subject } from '#kernel';
import { type VerificationMethod, verificationMethods } from './events.js';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { recordVerification } from './procedure.js';

export class RecordVerification extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.OneOf(verificationMethods, 'how it was verified')
  readonly method!: VerificationMethod;

  @Is.Count('how many conflicts it found')
  readonly conflicts!: number;

  @Is.Text('where its report is kept', { optional: true })
  readonly report?: string;
}

export const recordVerificationCommand = defineCommand(RecordVerification, {
  summary: 'Record a verification of what was migrated',
  role: 'operator',
  example: { migration: 'tacoma', method: 'chat-upgrade-verifier', conflicts: 0 },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const { heldBy: targetHeldBy } = await tx.load(migratingStream(run.target));
    return outcome(stream, recordVerification({ run, targetHeldBy }, command));
  },
});
