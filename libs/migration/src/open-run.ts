import { Refused, type Transaction } from '#kernel';
import { type KnownMigration, migrationStream } from './migration.js';
import * as refusal from './refusals.js';

/** A run that takes steps. That it is unknown or closed is told alone: nothing that a step asks for matters then. */
export async function openRun(tx: Transaction, migration: string): Promise<KnownMigration | Refused> {
  const run = await tx.load(migrationStream(migration));
  if (!run) return new Refused([refusal.unknownMigration(migration)]);
  return run.closed ? new Refused([refusal.closed(run)]) : run;
}
