import * as fc from 'fast-check';
import { estateViews, type Moment, type Views } from '#views';
import { accessRules, ask, compare, everyPage, gatesCompared, unordered } from './asked-views.js';
import { Model } from './model/model.js';
import { anySequence } from './model/sequences.js';
import { keyOf, lists, ones } from './model/views.js';
import type { World } from './model/world.js';
import { minuteMs, type Played, played } from './played-views.js';

const runs = 30;

/** Where in the past to look: a share of the log's events, and whether by position or by instant. */
const anyMoment = fc.record({
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  by: fc.constantFrom('position', 'instant'),
});
const anyUserFilter = fc.record(
  {
    pool: fc.constantFrom('fe13a.contoso.com', 'OCS01.contoso.com'),
    site: fc.constantFrom('redmond', 'Казань'),
    generation: fc.constantFrom('lync-2013', 'ocs-2007-r2'),
    ready: fc.constantFrom('true', 'false'),
    enabled: fc.constantFrom('true', 'false'),
    policy: fc.constantFrom('global', 'site:redmond', 'tag:TRADERS', 'tag:none'),
    client: fc.constantFrom('lync-2013', 'group-chat-2010'),
    retired: fc.constantFrom('true', 'false'),
    q: fc.constantFrom('ВЕР', 'contoso', 'bo'),
  },
  { requiredKeys: [] },
);

interface Look {
  readonly moments: readonly { readonly share: number; readonly by: string }[];
  readonly filters: readonly Readonly<Record<string, string>>[];
  readonly limit: number;
}
const anyLook: fc.Arbitrary<Look> = fc.record({
  moments: fc.array(anyMoment, { minLength: 3, maxLength: 5 }),
  filters: fc.array(
    fc.oneof(
      { weight: 2, arbitrary: anyUserFilter.map((filter) => onlyOne(filter)) },
      { weight: 1, arbitrary: anyUserFilter },
    ),
    { minLength: 3, maxLength: 3 },
  ),
  limit: fc.integer({ min: 1, max: 5 }),
});

describe('the views, against a naive model with its whole history', () => {
  it('show now and at any moment before what the model shows', async () => {
    await fc.assert(
      fc.asyncProperty(anySequence, anyLook, (steps, look) => played(steps, (story) => compareMoments(story, look))),
      { numRuns: runs, interruptAfterTimeLimit: 60_000 },
    );
  }, 180_000);

  it('are all there', () => {
    expect(estateViews.map(({ path }) => path)).toEqual(
      expect.arrayContaining([...Object.keys(lists), ...Object.keys(ones)]),
    );
  });
});

async function compareMoments({ views, model, events, now }: Played, look: Look): Promise<void> {
  await compareViews(views, model.world, undefined, now, look);
  for (const { share, by } of look.moments) {
    const event = events[Math.floor(share * (events.length - 1))]!;
    if (by === 'position') {
      await compareViews(views, model.asOf(event.position), { position: event.position }, event.recordedAt, look);
    } else {
      // Half a minute later nothing else was recorded yet, but a waiver may have lapsed.
      const instant = new Date(Date.parse(event.recordedAt) + minuteMs / 2).toISOString();
      await compareViews(views, model.asOfInstant(instant), { instant }, instant, look);
    }
  }
  await compareViews(views, new Model().world, { position: 0n }, now, look);
}

async function compareViews(
  views: Views,
  world: World,
  asOf: Moment | undefined,
  now: string,
  look: Look,
): Promise<void> {
  const shown: Record<string, unknown> = {};
  const meant: Record<string, unknown> = {};
  const compareList = async (path: string, query: Readonly<Record<string, string>>) => {
    const name = `${path} ${JSON.stringify(query)}`;
    shown[name] = (await everyPage(views, path, query, asOf, look.limit)).map(unordered);
    meant[name] = lists[path]!(world, query, now)
      .map((item) => unordered(item))
      .toSorted((a, b) => compare(a[keyOf[path]!], b[keyOf[path]!]));
  };
  const compareOne = async (path: string, parameter: string, id: string) => {
    const name = `${path} ${id}`;
    const { body } = await ask(views, path, { [parameter]: id }, asOf);
    const model = ones[path]!(world, id, now);
    if (path.endsWith('/access')) [shown[name], meant[name]] = [accessRules(body), sortedAccess(model)];
    else if (path.startsWith('/api/gates')) [shown[name], meant[name]] = [gatesCompared(body), gatesCompared(model)];
    else [shown[name], meant[name]] = [body && unordered(body as Record<string, unknown>), model && unordered(model)];
  };

  for (const path of ['/api/deployments', '/api/pools', '/api/sites', '/api/users', '/api/policies'])
    await compareList(path, {});
  for (const filter of look.filters) await compareList('/api/users', filter);
  for (const { deployment } of world.deployments) {
    for (const path of ['/api/categories', '/api/rooms', '/api/add-ins']) await compareList(path, { deployment });
    await compareList('/api/rooms', { deployment, category: 'общее', excluded: 'false', q: 'LOB' });
    await compareList('/api/categories', { deployment, q: 'ОБЩ' });
    await compareOne('/api/deployments/:deployment', 'deployment', deployment);
    await compareOne('/api/gates/:subject', 'subject', `deployment:${deployment}`);
  }
  for (const { pool } of world.pools) {
    await compareOne('/api/pools/:pool', 'pool', pool);
    await compareOne('/api/gates/:subject', 'subject', `pool:${pool}`);
  }
  for (const { user } of world.users.slice(0, 3)) {
    await compareOne('/api/users/:user', 'user', user);
    await compareOne('/api/users/:user/access', 'user', user);
  }
  await compareOne('/api/pools/:pool', 'pool', 'nowhere.contoso.com');
  await compareOne('/api/users/:user', 'user', 'sip:nobody.at.all@contoso.com');
  await compareOne('/api/gates/:subject', 'subject', 'pool:nowhere.contoso.com');
  expect({ asOf, shown }).toEqual({ asOf, shown: meant });
}

function sortedAccess(body: object | undefined): object | undefined {
  const { access } = (body ?? {}) as { access: { client: string; deployment: string }[] };
  return (
    body && {
      ...body,
      access: access.toSorted((a, b) => compare(`${a.client} ${a.deployment}`, `${b.client} ${b.deployment}`)),
    }
  );
}

function onlyOne(filter: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filter).slice(0, 1));
}
