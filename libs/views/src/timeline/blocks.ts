import type { Database } from 'better-sqlite3';
import { prepared } from '../storage/prepared.js';
import { type BlockRow, itemsIn } from './block.js';
import { allOf, type Bits, countOf } from './postings.js';
import { foundIn, holdsOnly, mayHold, type SearchExpression, versionsOfRuns } from './search-expression.js';
import type { StoredItem } from './stored-item.js';

/** A whole row of a block, in the timeline's file attached under this name. */
export function blockColumns(schema: string): string {
  return `blocks.id, low, high, items, top_level as topLevel, denied, counted, counted_denied as countedDenied, positions, postings, headers, lines
    from ${schema}.blocks
    cross join ${schema}.postings on postings.block = blocks.id
    cross join ${schema}.bodies on bodies.block = blocks.id`;
}

/** The item that ends at this position, in a connection of the timeline's own file. */
export function itemOf(db: Database, position: number): StoredItem | undefined {
  const row = prepared(db, `select ${blockColumns('main')} where low <= ? order by low desc limit 1`).get(position) as
    BlockRow | undefined;
  return row && itemsIn(row).find((item) => item.position === position);
}

/** Positions `low` to `high` of the timeline as it was at `at`. */
export interface Range {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

interface Candidate {
  readonly block: number;
  readonly items: number;
  readonly positions: string;
  readonly postings: string;
}

/** Items that are found, newest first. Whoever goes on to ask the same of the connection takes what it needs before. */
export function* itemsFound(db: Database, expression: SearchExpression, range: Range): Generator<StoredItem> {
  const ends = endsOf(db, range);
  if (!ends) return;
  yield* itemsOf(db, single(db, ends.last), expression, range);
  const between = prepared(db, candidatesSql).iterate(mayHold(expression), ends.first + 1, ends.last - 1);
  for (const candidate of between) yield* itemsOf(db, candidate as Candidate, expression, range);
  if (ends.first < ends.last) yield* itemsOf(db, single(db, ends.first), expression, range);
}

/** How many items are found. A block of which every one is found is counted without a look into it. */
export function countFound(db: Database, expression: SearchExpression, range: Range): number {
  const ends = endsOf(db, range);
  if (!ends) return 0;
  const between = [ends.first + 1, ends.last - 1] as const;
  let count = prepared(db, wholeSql)
    .pluck()
    .get(holdsOnly(expression), ...between) as number;
  const inPart = `${mayHold(expression)} NOT ${holdsOnly(expression)}`;
  for (const candidate of prepared(db, candidatesSql).iterate(inPart, ...between))
    count += countOf(bitsIn(db, candidate as Candidate, expression, range));
  for (const block of new Set([ends.first, ends.last]))
    count += countOf(bitsIn(db, single(db, block), expression, range));
  return count;
}

/** What a list without filters holds up to a position: items that are not denied, and denied ones. */
export function tallyAt(db: Database, at: number): { readonly topLevel: number; readonly denied: number } {
  const last = prepared(db, tallySql).get(at) as (TallyRow & Pick<BlockRow, 'positions'>) | undefined;
  if (!last) return { topLevel: 0, denied: 0 };
  const until = (JSON.parse(last.positions) as readonly number[]).filter((position) => position <= at).length;
  return {
    topLevel: last.topLevel + countOf(last.counted & allOf(until)),
    denied: last.denied + countOf(last.countedDenied & allOf(until)),
  };
}

type TallyRow = Pick<BlockRow, 'topLevel' | 'denied' | 'counted' | 'countedDenied'>;

const tallySql = `select top_level as topLevel, denied, counted, counted_denied as countedDenied, positions
  from timeline.blocks cross join timeline.postings on postings.block = blocks.id
  where low <= ? order by low desc limit 1`;

const candidatesSql = `select postings.block, items, positions, postings
  from timeline.search
  cross join timeline.blocks on blocks.id = search.rowid
  cross join timeline.postings on postings.block = search.rowid
  where search match ? and search.rowid between ? and ? order by search.rowid desc`;

const wholeSql = `select coalesce(sum(items), 0)
  from timeline.search cross join timeline.blocks on blocks.id = search.rowid
  where search match ? and search.rowid between ? and ?`;

const singleSql = `select block, items, positions, postings
  from timeline.blocks cross join timeline.postings on postings.block = blocks.id where blocks.id = ?`;

function single(db: Database, block: number): Candidate {
  return prepared(db, singleSql).get(block) as Candidate;
}

/** The blocks at both ends, of which items may lie outside. Those between them lie inside, and the index has them all. */
function endsOf(db: Database, { low, high }: Range): { readonly first: number; readonly last: number } | undefined {
  const at = prepared(db, 'select id from timeline.blocks where low <= ? order by low desc limit 1').pluck();
  const last = at.get(high) as number | undefined;
  if (last === undefined || high < low) return undefined;
  return { first: (at.get(low) as number | undefined) ?? 1, last };
}

function* itemsOf(
  db: Database,
  candidate: Candidate,
  expression: SearchExpression,
  range: Range,
): Generator<StoredItem> {
  const bits = bitsIn(db, candidate, expression, range);
  if (bits === 0) return;
  const body = prepared(db, 'select headers, lines from timeline.bodies where block = ?').get(candidate.block);
  yield* itemsIn(body as Pick<BlockRow, 'headers' | 'lines'>, bits).reverse();
}

/** What is found of a block: in the range, and of a run the version that counted then. */
function bitsIn(db: Database, candidate: Candidate, expression: SearchExpression, range: Range): Bits {
  const { items, postings } = candidate;
  let bits = foundIn(expression, postings, items);
  if (bits === 0) return 0;
  const positions = JSON.parse(candidate.positions) as readonly number[];
  const gone = (bits & versionsOfRuns(postings)) === 0 ? none : supersededIn(db, positions, range.at);
  for (const [place, position] of positions.entries())
    if (position < range.low || position > range.high || gone.has(position)) bits &= ~(1 << place);
  return bits;
}

const none: ReadonlySet<number> = new Set();

function supersededIn(db: Database, positions: readonly number[], at: number): ReadonlySet<number> {
  const sql = 'select position from timeline.run_versions where position between ? and ? and superseded_at <= ?';
  return new Set(prepared(db, sql).pluck().all(positions[0], positions.at(-1), at) as number[]);
}
