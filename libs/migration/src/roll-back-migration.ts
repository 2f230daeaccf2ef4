import { contentStream } from '#content';
import { BaseCommand, defineCommand, Is, outcome, Refused, subject, write } from '#kernel';
import { deploymentStream, endpointStream } from '#topology';
import { carryOverQueue } from './carry-over-queue.js';
import { rollBackMigration } from './closing.js';
import { migratingStream, releaseTarget } from './migrating.js';
import { migrationStream } from './migration.js';
import * as refusal from './refusals.js';
import { knowsAccount } from './rules.js';
import { undoneBy } from './undoing.js';

export class RollBackMigration extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;

  @Is.TextUpTo(1000, 'why it goes back')
  declare readonly reason: string;

  @Is.Flag('what was written in the target since it ran is lost, and that is accepted', { optional: true })
  readonly acceptLossOfNewMessages?: boolean;
}

export const rollBackMigrationCommand = defineCommand(RollBackMigration, {
  summary: 'Roll a migration back: its source runs again, what was carried over is taken back out',
  role: 'operator',
  example: { migration: 'tacoma', reason: 'the pilot is over', acceptLossOfNewMessages: true },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async (command, tx) => {
    const { migration } = command;
    const stream = migrationStream(migration);
    const run = await tx.load(stream);
    if (!run) return new Refused([refusal.unknownMigration(migration)]);
    const { source: deployment, lookupUri: uri } = run;
    const undoes = undoneBy(await tx.load(contentStream(run.target)), migration);
    const decision = rollBackMigration(run, await tx.load(deploymentStream(deployment)), command, undoes);
    const { heldBy } = await tx.load(migratingStream(run.target));
    const of = { deployment, migration };
    return outcome(
      stream,
      decision,
      write(migratingStream(deployment), { type: 'SourceReturned', data: of }),
      ...releaseTarget(run, heldBy),
      ...(run.exported ? [write(contentStream(deployment), { type: 'ContentReturned', data: of })] : []),
      ...(uri !== null && knowsAccount(run)
        ? [write(endpointStream(uri), { type: 'LookupAccountForgotten', data: { uri, migration } })]
        : []),
      ...(run.imported
        ? [write(carryOverQueue, { type: 'CarryOverDue', data: { migration, task: 'take-back' } })]
        : []),
    );
  },
});
