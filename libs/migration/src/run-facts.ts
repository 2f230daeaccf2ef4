import { type CarriedIn, type Content, contentStream, holdsContent, type Inventory } from '#content';
import { subject, type Transaction } from '#kernel';
import { countsDiffer, type Fact, nameTooLong } from './finding-facts.js';
import { type FindingRecords, findingsStream, standingOf } from './finding-records.js';
import { migratingStream } from './migrating.js';
import type { KnownMigration } from './migration.js';
import type { RunFacts } from './rules.js';
import { roomsUnaccounted } from './accounting.js';

/** What the errors among the findings of a run rest on. */
export interface ErrorFacts {
  readonly run: KnownMigration;
  readonly source: Pick<Content, 'categories' | 'rooms' | 'handedOver'>;
  readonly carried: CarriedIn | undefined;
  /** What was said of the run's own findings. */
  readonly records: FindingRecords;
  /** UTC, ISO 8601, milliseconds. */
  readonly asOf: string;
}

/** The findings of severity `error`, on a run or its source, that nobody has waived. */
export function openErrors({ run, source, carried, records, asOf }: ErrorFacts): readonly string[] {
  const { categories, rooms } = source;
  const tooLong = nameTooLong({ deployment: run.source, categories, rooms: rooms.values() });
  const differ = runCountsDiffer({ run, source, carried });
  const isWaived = standingOf(records.get('migration.counts-differ'), asOf).status === 'waived';
  return [...(tooLong ? ['content.name-too-long'] : []), ...(differ && !isWaived ? ['migration.counts-differ'] : [])];
}

const nothingCarried = { categories: 0, rooms: 0, addIns: 0 };
type Carrying = Pick<ErrorFacts, 'run' | 'source' | 'carried'>;

export function runCountsDiffer({ run, source, carried }: Carrying): Fact {
  const pending = thingsLeft({ run, source, carried }) > 0;
  return countsDiffer(run.migration, run.imported, { ...(carried?.carried ?? nothingCarried), pending });
}

/** How many things of the source the carry-over has not come to yet; 0 before an import. */
export function thingsLeft({ run, source: { handedOver }, carried }: Carrying): number {
  if (run.imported === null) return 0;
  if (carried) return carried.remaining;
  return handedOver?.migration === run.migration ? thingsToCarry(handedOver) : 0;
}

function thingsToCarry({ categories, rooms, addIns }: Inventory): number {
  return categories.size + addIns.size + rooms.count(({ excluded }) => !excluded);
}

/** Gathers what the rules of a run rest on, from the streams themselves. */
export async function factsOf(tx: Transaction, run: KnownMigration): Promise<RunFacts> {
  const source = await tx.load(contentStream(run.source));
  const target = await tx.load(contentStream(run.target));
  const records = await tx.load(findingsStream(subject.migration(run.migration)));
  const { heldBy } = await tx.load(migratingStream(run.target));
  const carried = target.carriedIn.get(run.migration);
  return {
    run,
    targetHoldsContent: holdsContent(target),
    targetHeldBy: heldBy,
    openErrors: openErrors({ run, source, carried, records, asOf: tx.now }),
    roomsUnaccounted: roomsUnaccounted(run.source, source, carried),
    carryOverPending: thingsLeft({ run, source, carried }) > 0,
  };
}
