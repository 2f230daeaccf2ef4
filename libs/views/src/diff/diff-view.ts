import type { Database } from 'better-sqlite3';
import { type Parsed, parseInstant } from '#kernel';
import { WrongMoment } from '../errors.js';
import { positionAt } from '../moments.js';
import { cursorAfter, keyOf } from '../paging.js';
import { listOf, shape, text, words } from '../schemas.js';
import {
  BadCursor,
  type Moment,
  type Slices,
  type ViewDefinition,
  type ViewParameter,
  type ViewQuery,
} from '../view.js';
import type { Differing, Range } from './comparison.js';
import { Comparisons } from './comparisons.js';
import { factsAt } from './facts-at.js';
import type { KnownFacts } from './known-facts.js';

export interface DiffItem {
  readonly subject: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

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
  projections: ['changes', 'moments', 'topology', 'users', 'content', 'migrations', 'access'],
  item: shape({
    subject: text,
    change: words('added', 'changed', 'removed'),
    fields: listOf(shape({ field: text, before: {}, after: {} })),
  }),
  beside: { from: text, to: text },
  run: difference,
};

function* difference(db: Database, query: ViewQuery): Slices {
  const { after, ...range } = rangeOf(db, query);
  const { from, to } = range;
  const comparison = yield* Comparisons.of(db, differing).between(range);
  const found = comparison.after(after ?? '', query.limit + 1);
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const more = last !== undefined && found.length > page.length;
  return {
    from: `${Math.max(from, 0)}`,
    to: `${Math.max(to, 0)}`,
    items: itemsOf(db, range, page).map(({ item }) => item),
    next: more ? cursorAfter('diff', [`${from}`, `${to}`, last]) : null,
    total: comparison.total,
  };
}

/** Pages after the first compare the same two positions, however the log has grown. */
function rangeOf(
  db: Database,
  { input, at, cursor }: ViewQuery,
): Range & {
  /** The last subject of the page before. */
  readonly after: string | undefined;
} {
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

const differing: Differing = (db, range, subjects) => itemsOf(db, range, subjects).map(({ subject }) => subject);

/** Of these subjects those that differ, in their order, with what is told of them: its name is the one that was stored. */
function itemsOf(
  db: Database,
  { from, to }: Range,
  subjects: readonly string[],
): readonly { readonly subject: string; readonly item: DiffItem }[] {
  const before = factsAt(db, from, subjects);
  const after = factsAt(db, to, subjects);
  return subjects.flatMap((subject) => {
    const item = itemOf(before.get(subject), after.get(subject));
    return item ? [{ subject, item }] : [];
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
