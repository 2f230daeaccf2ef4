import { BaseCommand, defineCommand, Is, outcome, Refused, subject, write } from '#kernel';
import { type Side, sides } from './events.js';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { startServices } from './procedure.js';

export class StartServices extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.OneOf(sides, 'the legacy deployment, or the Persistent Chat one')
  readonly side!: Side;
}

export const startServicesCommand = defineCommand(StartServices, {
  summary: 'Record that the services of one side run again',
  role: 'operator',
  example: { migration: 'tacoma', side: 'target' },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const released = { type: 'TargetReleased', data: { deployment: run.target, migration: run.migration } } as const;
    const held = migratingStream(run.target);
    const { heldBy: targetHeldBy } = await tx.load(held);
    return outcome(stream, startServices({ run, targetHeldBy }, command), write(held, released));
  },
});
