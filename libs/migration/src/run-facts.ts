import { type CarriedIn, type Content, contentStream, holdsContent } from '#content';
import { subject, type Transaction } from '#kernel';
import { countsDiffer, nameTooLong } from './finding-facts.js';
import { type FindingRecords, findingsStream, standingOf } from './finding-records.js';
import { migratingStream } from './migrating.js';
import type { KnownMigration } from './migration.js';
import type { RunFacts } from './rules.js';
import { roomsUnaccounted } from './accounting.js';

/** What the errors among the findings of a run rest on. */
export interface ErrorFacts {
  readonly run: KnownMigration;
  readonly source: Pick<Content, 'categories' | 'rooms'>;
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
  const differ = countsDiffer(run.migration, run.imported, carried?.carried ?? nothingCarried);
  const isWaived = standingOf(records.get('migration.counts-differ'), asOf).status === 'waived';
  return [...(tooLong ? ['content.name-too-long'] : []), ...(differ && !isWaived ? ['migration.counts-differ'] : [])];
}

const nothingCarried = { categories: 0, rooms: 0, addIns: 0 };

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
    roomsUnaccounted: roomsUnaccounted(run.source, source, carried).count,
  };
}
