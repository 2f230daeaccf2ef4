import { BaseCommand, defineCommand, Is, outcome, Refused, subject, write } from '#kernel';
import { type Side, sides } from './events.js';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { stopServices } from './procedure.js';

export class StopServices extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.OneOf(sides, 'the legacy deployment, or the Persistent Chat one')
  readonly side!: Side;
}

export const stopServicesCommand = defineCommand(StopServices, {
  summary: 'Record that the services of one side are stopped',
  role: 'operator',
  example: { migration: 'tacoma', side: 'source' },
  moreExamples: { target: { migration: 'tacoma', side: 'target' } },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const held = migratingStream(run.target);
    const { heldBy: targetHeldBy } = await tx.load(held);
    const decision = stopServices({ run, targetHeldBy }, command);
    if (command.side === 'source') return outcome(stream, decision);
    const data = { deployment: run.target, migration: run.migration };
    return outcome(stream, decision, write(held, { type: 'TargetHeld', data }));
  },
});
