import * as fc from 'fast-check';
import type { Views } from '#views';
import { MemoryLog } from '../testing/memory-log.js';
import { NaiveEstate, type Said } from '../testing/naive-estate.js';
import { newFolder, open, removeFolders } from '../testing/opened.js';
import { stories } from '../testing/random-story.js';
import type { ListAnswer } from '../view.js';

afterAll(removeFolders);

/** The whole list, walked page by page. */
async function walk(views: Views, path: string, input: object, position: bigint, limit: number): Promise<object[]> {
  const items: object[] = [];
  let cursor: string | undefined;
  for (;;) {
    const asked = { input: input as Record<string, unknown>, asOf: { position }, limit, cursor };
    const body = (await views.query(path, asked)).body as ListAnswer;
    items.push(...body.items);
    if (body.next === null) {
      expect(body.total).toBe(items.length);
      return items;
    }
    cursor = body.next;
  }
}

test('as of every position each view answers what a naive replay of the events up to it says', async () => {
  await fc.assert(
    fc.asyncProperty(stories, fc.nat(99), fc.integer({ min: 1, max: 5 }), async (story, restartAfter, limit) => {
      const log = new MemoryLog();
      const folder = newFolder();
      let views = await open(folder, log);
      const estate = new NaiveEstate();
      const moments: { position: bigint; estate: NaiveEstate }[] = [{ position: 0n, estate: estate.copy() }];
      for (const [index, step] of story.entries()) {
        for (const { type, data } of step(estate)) {
          log.clock += index % 3;
          const position = log.record(type, data);
          estate.take(type, data as Said, new Date(log.clock).toISOString());
          moments.push({ position, estate: estate.copy() });
        }
        if (index === restartAfter) {
          await views.close();
          views = await open(folder, log);
        }
        if (index % 7 === 0) await views.reached(await log.head());
      }
      await views.reached(await log.head());
      try {
        for (const { position, estate } of moments) {
          const said = (path: string, input = {}): Promise<object[]> => walk(views, path, input, position, limit);
          expect(await said('/api/users')).toEqual(estate.listUsers(false));
          expect(await said('/api/users', { retired: true })).toEqual(estate.listUsers(true));
          expect(await said('/api/pools')).toEqual(estate.listPools());
          // What is found of them, test/property-migrations.spec.ts compares.
          const openFindings = expect.any(Object) as object;
          expect(await said('/api/deployments')).toEqual(
            estate.listDeployments().map((deployment) => ({ ...deployment, openFindings })),
          );
          expect(await said('/api/policies')).toEqual(estate.listPolicies());
          expect(await said('/api/sites')).toEqual(estate.listSites());
          const deployment = 'chat07.contoso.com';
          expect(await said('/api/rooms', { deployment })).toEqual(estate.listRooms(deployment));
        }
        const ready = moments
          .at(-1)
          ?.estate.present()
          .filter((user) => user.ready);
        const now = (await views.query('/api/users', { input: { ready: true } })).body as ListAnswer;
        expect([now.items, now.total]).toEqual([ready, ready?.length]);
      } finally {
        await views.close();
      }
    }),
    { numRuns: 8 },
  );
}, 120_000);
