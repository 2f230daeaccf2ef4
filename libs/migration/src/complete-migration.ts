import { BaseCommand, defineCommand, Is, outcome, Refused, subject } from '#kernel';
import { completeMigration } from './closing.js';
import { migrationStream } from './migration.js';
import * as refusal from './refusals.js';
import { releaseTarget } from './migrating.js';
import { factsOf } from './run-facts.js';

export class CompleteMigration extends BaseCommand {
  @Is.Migration('the migration')
  readonly migration!: string;
}

export const completeMigrationCommand = defineCommand(CompleteMigration, {
  summary: 'Complete a migration',
  role: 'operator',
  example: { migration: 'tacoma' },
  subjects: ({ migration }) => [subject.migration(migration)],
  handle: async ({ migration }, tx) => {
    const stream = migrationStream(migration);
    const run = await tx.load(stream);
    if (!run) return new Refused([refusal.unknownMigration(migration)]);
    const facts = await factsOf(tx, run);
    return outcome(stream, completeMigration(facts), ...releaseTarget(run, facts.targetHeldBy));
  },
});
