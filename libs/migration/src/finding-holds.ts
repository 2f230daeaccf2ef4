import { contentStream } from '#content';
import { userStream } from '#homing';
import type { Subject, Transaction } from '#kernel';
import { nameClashes, tooManyRooms } from './finding-facts.js';
import { type KnownMigration, migrationStream } from './migration.js';
import { runCountsDiffer } from './run-facts.js';

/**
 * Whether the fact of a computed finding is there now, so far as the streams of its subject tell. What rests on the whole estate, or on
 * policies and endpoints beside a connection, is not asked for: no stream holds it, and views are not to be asked by commands.
 */
export async function findingHolds(tx: Transaction, subject: Subject, finding: string): Promise<boolean> {
  const id = subject.slice(subject.indexOf(':') + 1);
  switch (finding) {
    case 'content.name-clash':
    case 'migration.counts-differ':
    case 'clients.no-endpoint': {
      const run = await tx.load(migrationStream(id));
      return run !== null && run.closed !== 'rolled-back' && runHolds(tx, run, finding);
    }
    case 'capacity.rooms':
      return tooManyRooms(id, (await tx.load(contentStream(id))).rooms.size) !== null;
    case 'clients.not-permitted':
      return Object.keys((await tx.load(userStream(id)))?.clients ?? {}).length > 0;
    default:
      return true;
  }
}

async function runHolds(tx: Transaction, run: KnownMigration, finding: string): Promise<boolean> {
  if (finding === 'clients.no-endpoint') return run.lookupUri === null;
  const source = await tx.load(contentStream(run.source));
  const target = await tx.load(contentStream(run.target));
  const carried = target.carriedIn.get(run.migration);
  if (finding === 'migration.counts-differ') return runCountsDiffer({ run, source, carried }) !== null;
  if (run.imported) return (carried?.clashes ?? 0) > 0;
  const { categories, rooms, addIns } = source;
  const of = { deployment: run.source, categories, rooms: rooms.values(), addIns: addIns.values() };
  return nameClashes(of, { deployment: run.target, ...target }) !== null;
}
