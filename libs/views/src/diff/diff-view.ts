import type { Database } from 'better-sqlite3';
import { type Parsed, parseInstant } from '#kernel';
import { WrongMoment } from '../errors.js';
import { positionAt } from '../moments.js';
import { cursorAfter, keyOf } from '../paging.js';
import { listOf, shape, text, words } from '../schemas.js';
import { BadCursor, type Moment, type ViewDefinition, type ViewParameter, type ViewQuery } from '../view.js';
import { touchedBetween } from './changes-projection.js';
import { factsAt, type KnownFacts } from './facts-at.js';

export interface DiffItem {
  readonly subject: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

const atOnce = 500;

/** Recorded facts that differ between two moments. `to` is the moment it answers for: now where it is absent. */
export const diffView: ViewDefinition = {
  path: '/api/diff',
  summary: 'Recorded facts that differ between two moments',
  kind: 'list',
  parameters: {
    from: { ...moment('The moment to compare from'), required: true },
    to: moment('The moment to compare with; now where it is absent. It stands in the place of asOf'),
  },
  moments: ({ from, to }) => ({ from: from as Moment | undefined, to: to as Moment | undefined }),
  projections: ['changes', 'moments', 'topology', 'users', 'content', 'access'],
  item: shape({
    subject: text,
    change: words('added', 'changed', 'removed'),
    fields: listOf(shape({ field: text, before: {}, after: {} })),
  }),
  beside: { from: text, to: text },
  run: (db, query) => {
    const { from, to, after } = rangeOf(db, query);
    const subjects = differing(db, from, to, after !== undefined);
    const begin = after === undefined ? 0 : placeAfter(subjects, after);
    const page = subjects.slice(begin, begin + query.limit);
    const last = page.at(-1);
    const more = last !== undefined && begin + page.length < subjects.length;
    return {
      from: `${Math.max(from, 0)}`,
      to: `${Math.max(to, 0)}`,
      items: compare(db, from, to, page),
      next: more ? cursorAfter('diff', [`${from}`, `${to}`, last]) : null,
      total: subjects.length,
    };
  },
};

interface Range {
  /** Positions. */
  readonly from: number;
  readonly to: number;
  /** The last subject of the page before. */
  readonly after: string | undefined;
}

/** Pages after the first compare the same two positions, however the log has grown. */
function rangeOf(db: Database, { input, at, cursor }: ViewQuery): Range {
  const { from: asked, to: until } = input as { readonly from: Moment; readonly to?: Moment };
  const from = 'position' in asked ? Number(asked.position) : positionAt(db, asked.instant);
  const backwards = until && 'instant' in until && 'instant' in asked && asked.instant > until.instant;
  if (from > at || backwards) throw new WrongMoment('must not be after to');
  const key = keyOf('diff', cursor, 3);
  if (!key) return { from, to: at, after: undefined };
  const [ofFrom, ofTo, after] = key;
  const to = Number(ofTo);
  const isOfThis = Number(ofFrom) === from && from <= to && (until === undefined ? to <= at : to === at);
  if (!isOfThis) throw new BadCursor('the cursor is of another comparison; leave it out for the first page');
  return { from, to, after };
}

/** What the comparisons last paged through had found, so that a page costs what it shows. */
const remembered = new WeakMap<Database, { readonly range: string; readonly subjects: readonly string[] }>();

/** Every subject that differs, ignoring case, in order. */
function differing(db: Database, from: number, to: number, isNextPage: boolean): readonly string[] {
  const range = `${from} ${to}`;
  const known = remembered.get(db);
  if (isNextPage && known?.range === range) return known.subjects;
  const touched = Array.from(touchedBetween(db, from, to));
  const subjects: string[] = [];
  for (let begin = 0; begin < touched.length; begin += atOnce)
    for (const { subject } of compare(db, from, to, touched.slice(begin, begin + atOnce), true)) subjects.push(subject);
  subjects.sort();
  remembered.set(db, { range, subjects });
  return subjects;
}

/** The items of these subjects that differ, in their order; named as stored, or as asked where `asAsked`. */
function compare(
  db: Database,
  from: number,
  to: number,
  subjects: readonly string[],
  asAsked = false,
): readonly DiffItem[] {
  const before = factsAt(db, from, subjects);
  const after = factsAt(db, to, subjects);
  return subjects.flatMap((subject) => {
    const item = itemOf(before.get(subject), after.get(subject));
    return item ? [asAsked ? { ...item, subject } : item] : [];
  });
}

function itemOf(before: KnownFacts | undefined, after: KnownFacts | undefined): DiffItem | undefined {
  const subject = (after ?? before)?.subject;
  if (subject === undefined) return undefined;
  const names = new Set([...Object.keys(before?.facts ?? {}), ...Object.keys(after?.facts ?? {})]);
  const fields = Array.from(names, (field) => ({
    field,
    before: before?.facts[field] ?? null,
    after: after?.facts[field] ?? null,
  })).filter(
    ({ before, after }) => !(isNothing(before) && isNothing(after)) && JSON.stringify(before) !== JSON.stringify(after),
  );
  if (fields.length === 0) return undefined;
  return { subject, change: !before ? 'added' : !after ? 'removed' : 'changed', fields };
}

const isNothing = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

function placeAfter(subjects: readonly string[], after: string): number {
  let [low, high] = [0, subjects.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((subjects[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function moment(description: string): ViewParameter {
  return {
    description: `${description}: @<position>, or an ISO 8601 instant`,
    schema: { type: 'string', examples: ['@42', '2013-05-03T12:00:00Z'] },
    parse: parseMoment,
  };
}

function parseMoment(input: string): Parsed<Moment> {
  const problem =
    'must be @<position>, such as @42, or an ISO 8601 instant with a time zone, such as 2013-05-03T12:00:00Z';
  if (input.startsWith('@'))
    return /^@\d{1,15}$/.test(input) ? { value: { position: BigInt(input.slice(1)) } } : { problem };
  // A `+` that was not percent-encoded has become a space.
  const instant = parseInstant(input.replace(/ (?=\d{2}:\d{2}$)/, '+'));
  return instant.problem === undefined ? { value: { instant: instant.value } } : { problem };
}
