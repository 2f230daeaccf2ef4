import { BaseCommand, defineCommand, Is, outcome, Refused, subject, write } from '#kernel';
import { contentStream, holdsContent } from '#content';
import { carryOverQueue } from './carry-over-queue.js';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { openRun } from './open-run.js';
import { recordImport } from './procedure.js';

export class RecordImport extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.Count('how many categories')
  readonly categories!: number;

  @Is.Count('how many rooms')
  readonly rooms!: number;

  @Is.Count('how many add-ins')
  readonly addIns!: number;

  @Is.Text('where its report is kept', { optional: true })
  readonly report?: string;
}

export const recordImportCommand = defineCommand(RecordImport, {
  summary: 'Record the import into the target: the content of the source is carried over',
  role: 'operator',
  example: { migration: 'tacoma', categories: 0, rooms: 0, addIns: 0 },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const run = await openRun(tx, command.migration);
    if (run instanceof Refused) return run;
    const stream = migrationStream(run.migration);
    const source = contentStream(run.source);
    await tx.load(source);
    const targetHoldsContent = holdsContent(await tx.load(contentStream(run.target)));
    const { heldBy: targetHeldBy } = await tx.load(migratingStream(run.target));
    const decision = recordImport({ run, targetHoldsContent, targetHeldBy }, command);
    const { migration, source: deployment } = run;
    return outcome(
      stream,
      decision,
      write(source, { type: 'ContentHandedOver', data: { deployment, migration } }),
      write(carryOverQueue, { type: 'CarryOverDue', data: { migration, task: 'carry-over' } }),
    );
  },
});
