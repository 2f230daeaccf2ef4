import * as fc from 'fast-check';
import type { ListAnswer, Views } from '#views';
import { ask } from './asked-views.js';
import { type Difference, differences } from './model/facts.js';
import { Model } from './model/model.js';
import { anyMigrationSequence } from './model/migration-sequences.js';
import { anySequence } from './model/sequences.js';
import { type Played, played } from './played-views.js';
import { operator } from './rig.js';

const runs = 40;
const pagesMax = 500;

/** Two moments as shares of the log's events, and how many items a page has. */
interface Range {
  readonly shares: readonly [number, number];
  readonly by: string;
  readonly limit: number;
}
// Doubles crowd at 0.
const share = fc.nat(1000).map((part) => part / 1000);
const anyRanges: fc.Arbitrary<readonly Range[]> = fc.array(
  fc.record({
    shares: fc.tuple(share, share),
    by: fc.constantFrom('position', 'instant'),
    limit: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 8, maxLength: 12 },
);

describe('/api/diff, against two whole worlds compared by looking at everything', () => {
  it('lists exactly what differs', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(anySequence, anyMigrationSequence), anyRanges, (steps, ranges) =>
        played(steps, (story) => compare(story, ranges, seen)),
      ),
      { numRuns: runs, interruptAfterTimeLimit: 60_000 },
    );
    // A test that never gets anywhere proves nothing.
    for (const kind of [
      'site',
      'pool',
      'deployment',
      'policy',
      'user',
      'category',
      'room',
      'add-in',
      'migration',
      'estate',
    ])
      expect([...seen]).toContain(`added ${kind}`);
    for (const what of ['changed user', 'changed deployment', 'changed pool', 'changed policy', 'changed migration'])
      expect([...seen]).toContain(what);
    expect([...seen].some((what) => what.startsWith('removed'))).toBe(true);
  }, 180_000);
});

async function compare({ views, model, events }: Played, ranges: readonly Range[], seen: Set<string>): Promise<void> {
  const whole = differences(new Model().world, model.world, operator.name);
  expect(await everything(views, { from: '@0' }, 500)).toEqual(whole);
  // What a command records together is all there or nothing of it.
  const ends = events.filter(({ meta }, n) => events[n + 1]?.meta.commandId !== meta.commandId);
  for (const { shares, by, limit } of ranges) {
    const [from, to] = shares
      .toSorted((a, b) => a - b)
      .map((part) => ends[Math.floor(part * (ends.length - 1))])
      .filter((event) => event !== undefined);
    if (!from || !to) continue;
    const query =
      by === 'position'
        ? { from: `@${from.position}`, to: `@${to.position}` }
        : { from: from.recordedAt, to: to.recordedAt };
    const [before, after] =
      by === 'position'
        ? [model.asOf(from.position), model.asOf(to.position)]
        : [model.asOfInstant(from.recordedAt), model.asOfInstant(to.recordedAt)];
    const meant = differences(before, after, operator.name);
    for (const { change, subject } of meant) seen.add(`${change} ${subject.split(':')[0]}`);
    expect({ query, shown: await everything(views, query, limit) }).toEqual({ query, shown: meant });
  }
  for (const { change, subject } of whole) seen.add(`${change} ${subject.split(':')[0]}`);
}

/** Every page, each full but the last, the fields in order. */
async function everything(
  views: Views,
  query: Readonly<Record<string, string>>,
  limit: number,
): Promise<readonly Difference[]> {
  const all: Difference[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { body } = await ask(views, '/api/diff', query, undefined, { limit, cursor });
    const { items, next, total } = body as ListAnswer & { readonly items: readonly Difference[] };
    all.push(...items);
    if (next === null) {
      expect(all).toHaveLength(total);
      return all.map(({ fields, ...rest }) => ({
        ...rest,
        fields: fields.toSorted((a, b) => (a.field < b.field ? -1 : 1)),
      }));
    }
    expect(items).toHaveLength(limit);
    cursor = next;
  }
  throw new Error(`more than ${pagesMax} pages`);
}
