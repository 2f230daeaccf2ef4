import * as fc from 'fast-check';
import type { ListAnswer, Moment, Views } from '#views';
import { ask, compare, everyPage, gatesCompared, unordered } from './asked-views.js';
import { anyMigrationSequence } from './model/migration-sequences.js';
import { findings, migrations } from './model/migration-views.js';
import { lists, ones } from './model/views.js';
import type { World } from './model/world.js';
import { minuteMs, type Played, played } from './played-views.js';

const runs = 40;

const anyLook = fc.record({
  moments: fc.array(
    fc.record({
      share: fc.noBias(fc.double({ min: 0, max: 1, noNaN: true })),
      by: fc.constantFrom('position', 'instant'),
    }),
    { minLength: 4, maxLength: 6 },
  ),
  limit: fc.integer({ min: 1, max: 5 }),
});
type Look = typeof anyLook extends fc.Arbitrary<infer T> ? T : never;

test('migrations and findings are, now and at any moment before, what is worked out from the events anew', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(anyMigrationSequence, anyLook, (steps, look) =>
      played(steps, (story) => compareMoments(story, look, seen)),
    ),
    // The same every time: what it reaches is asserted.
    { numRuns: runs, seed: 2013, interruptAfterTimeLimit: 90_000 },
  );
  // A test that never gets anywhere proves nothing.
  for (const what of [
    'completed',
    'rolled-back',
    'imported',
    'topology.three-generations open',
    'content.name-too-long open',
    'content.nested-categories open',
    'content.invitations-forced-off open',
    'content.name-clash open',
    'content.name-clash waived',
    'clients.no-endpoint open',
    'clients.not-permitted open',
    'migration.counts-differ open',
    'migration.counts-differ waived',
    'prepare.root-managers resolved',
    'overwritten',
    'carried over',
  ])
    // prettier-ignore
    expect([what, seen.has(what)]).toEqual([what, true]);
}, 180_000);

async function compareMoments({ views, model, events, now }: Played, look: Look, seen: Set<string>): Promise<void> {
  await compareViews(views, model.world, undefined, now, look.limit, seen);
  const imported = events.findLast(({ type }) => type === 'DataImported');
  const others = look.moments.map(({ share, by }) => ({ event: events[Math.floor(share * (events.length - 1))]!, by }));
  for (const { event, by } of [...others, ...(imported ? [{ event: imported, by: 'position' }] : [])]) {
    const { position, recordedAt } = event;
    // Half a minute later nothing else was recorded yet, but a waiver may have lapsed.
    const instant = new Date(Date.parse(recordedAt) + minuteMs / 2).toISOString();
    if (by === 'position') await compareViews(views, model.asOf(position), { position }, recordedAt, look.limit, seen);
    else await compareViews(views, model.asOfInstant(instant), { instant }, instant, look.limit, seen);
  }
}

type Item = Readonly<Record<string, any>>;

async function compareViews(
  views: Views,
  world: World,
  asOf: Moment | undefined,
  now: string,
  limit: number,
  seen: Set<string>,
): Promise<void> {
  const shown: Record<string, unknown> = {};
  const meant: Record<string, unknown> = {};
  const all = findings(world, now).toSorted(inOrder);
  for (const { finding, status } of all) seen.add(`${finding} ${status}`);
  for (const filter of filters(all)) {
    const name = `findings ${JSON.stringify(filter)}`;
    shown[name] = (await pages(views, '/api/findings', filter, asOf, limit)).map(findingCompared);
    meant[name] = all.filter((each) => Object.entries(filter).every(([field, value]) => each[field] === value));
  }
  const runsMeant = migrations(world, now).toSorted((a, b) => compare(a['migration'], b['migration']));
  for (const { state, carriedOver } of runsMeant) {
    seen.add(state);
    if (carriedOver.rooms > 0) seen.add('carried over');
    if (carriedOver.clashes > 0) seen.add('overwritten');
  }
  shown['migrations'] = (await pages(views, '/api/migrations', {}, asOf, limit)).map(migrationCompared);
  meant['migrations'] = runsMeant;
  for (const run of runsMeant) {
    const { migration } = run as { migration: string };
    const one = await ask(views, '/api/migrations/:migration', { migration }, asOf);
    shown[`one ${migration}`] = migrationCompared(one.body as Item);
    meant[`one ${migration}`] = run;
    const script = (await ask(views, '/api/migrations/:migration/script', { migration }, asOf)).body as Item;
    expect(script['text']).toContain('Import-CsPersistentChatData');
  }
  shown['deployments'] = (await everyPage(views, '/api/deployments', {}, asOf, limit)).map(unordered);
  meant['deployments'] = lists['/api/deployments']!(world, {}, now)
    .map((item) => unordered(item))
    .toSorted((a, b) => compare(a['deployment'], b['deployment']));
  for (const { deployment } of world.deployments) {
    for (const [path, key] of [
      ['/api/categories', 'category'],
      ['/api/rooms', 'room'],
      ['/api/add-ins', 'addIn'],
    ] as const) {
      shown[`${path} ${deployment}`] = await everyPage(views, path, { deployment }, asOf, limit);
      meant[`${path} ${deployment}`] = lists[path]!(world, { deployment }, now).toSorted((a, b) =>
        compare(a[key], b[key]),
      );
    }
    const subject = `deployment:${deployment}`;
    shown[subject] = gatesCompared((await ask(views, '/api/gates/:subject', { subject }, asOf)).body);
    meant[subject] = gatesCompared(ones['/api/gates/:subject']!(world, subject, now));
  }
  expect({ asOf, shown }).toEqual({ asOf, shown: meant });
}

/** None, and some by which something or nothing is found. */
function filters(all: readonly Item[]): readonly Readonly<Record<string, string>>[] {
  const some = all[Math.floor(all.length / 2)];
  const last = all.at(-1);
  return [
    {},
    { severity: 'warning' },
    { status: 'open' },
    { status: 'waived' },
    { severity: 'error', status: 'open' },
    { status: 'resolved' },
    { subject: 'deployment:chat10.contoso.com' },
    ...(some ? [{ subject: String(some['subject']), status: String(some['status']) }] : []),
    ...(last ? [{ subject: String(last['subject']) }] : []),
  ];
}

const inOrder = (a: Item, b: Item): number =>
  compare(a['subject'], b['subject']) || compare(a['finding'], b['finding']);

/** Without sentences and people; the count is that of the offenders, which are few here. */
function findingCompared({ detail, resolve, by, ...rest }: Item): Item {
  expect([detail, resolve.length > 0, by === null || typeof by.name === 'string']).toEqual([
    expect.stringMatching(/\S/),
    true,
    true,
  ]);
  return { ...rest, offenders: rest['offenders'].toSorted() };
}

function migrationCompared({ migration, source, target, state, carriedOver, findings: found, steps }: Item): Item {
  return {
    ...{ migration, source, target, state, carriedOver },
    findings: found.map(({ subject, finding, status }: Item) => `${subject} ${finding} ${status}`).toSorted(),
    steps: steps.map(({ step, status, missing, at }: Item) => ({
      step,
      status,
      missing: missing.toSorted(),
      ...(step === 'legacy-endpoint' ? {} : { at }),
    })),
  };
}

async function pages(
  views: Views,
  path: string,
  query: Readonly<Record<string, string>>,
  asOf: Moment | undefined,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 200; page++) {
    const { body } = await ask(views, path, query, asOf, { limit, cursor });
    const { items: more, next, total } = body as ListAnswer;
    items.push(...(more as readonly Item[]));
    if (next === null) {
      expect(items).toHaveLength(total);
      return items;
    }
    expect(more).toHaveLength(limit);
    cursor = next;
  }
  throw new Error(`${path} does not end`);
}
