import { setTimeout as sleep } from 'node:timers/promises';
import { batchThings } from '#content';
import type { EventLogReader } from '#event-log';
import { answered, Cluster, describeOnKurrentDb, done, recordedAfter, withReader } from './cluster/on-kurrentdb.js';
import type { Answer, TestServer } from './server.js';

const rooms = 10_000;
const id = Date.now().toString(36);
const [source, target, migration] = [`old-${id}.contoso.com`, `new-${id}.contoso.com`, `wave-${id}`];
const counts = { categories: 2, rooms, addIns: 0 };

/** What a server that is killed has been asked is on record, or not at all. */
function unlessKilled(error: unknown): undefined {
  // What `fetch` throws comes from another realm than the specs.
  if ((error as Error).name !== 'TypeError') throw error;
}

const sent = (node: TestServer, path: string, fields: object): Promise<Answer | undefined> =>
  answered(
    () => node.send(path, fields),
    ({ status }) => status !== 503,
  ).catch(unlessKilled);

describeOnKurrentDb('a migration on two servers and the log of HOMEWARD_TEST_KURRENTDB', () => {
  let cluster: Cluster;
  let position: bigint;
  beforeAll(async () => {
    cluster = await Cluster.start({ leadersEnd: true });
    const [node] = cluster.nodes as [TestServer];
    position = await done(node, 'register-site', { site: `Site ${id}` });
    for (const [pool, deployment, generation] of [
      [`lync10-${id}.contoso.com`, source, 'lync-2010'],
      [`pool13-${id}.contoso.com`, target, 'lync-2013'],
    ]) {
      await done(node, 'register-pool', { pool, generation, site: `Site ${id}` });
      await done(node, 'register-deployment', { deployment, generation, homedOn: pool });
    }
    const lines = Array.from({ length: rooms }, (_, n) => `Category ${n % 2},Room ${n}`);
    const { body } = await node.request(`/api/imports/content?deployment=${source}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: ['CategoryPath,Room', ...lines].join('\n'),
    });
    await answered(
      () => node.get(`/api/runs/${(body as { run: string }).run}`),
      ({ body: run }) => run?.state === 'done',
    );
    const { secret } = await node.issueToken(['approver']);
    await done(node, 'plan-migration', { migration, source, target });
    for (const finding of ['same-forest', 'root-managers', 'federated-members', 'old-admin-tools'])
      await done(node, 'resolve-finding', {
        subject: `migration:${migration}`,
        finding: `prepare.${finding}`,
        resolution: 'looked at',
      });
    for (const side of ['source', 'target']) {
      await done(node, 'record-backup', { migration, side, reference: 'tape 7' });
      await done(node, 'stop-services', { migration, side });
    }
    await done(node, 'record-export', { migration, file: 'export.zip', ...counts });
    await done(node, 'approve-inspection', { migration }, secret);
    await done(node, 'record-dry-run', { migration, errors: 0, warnings: 0 });
  }, 300_000);
  afterAll(() => cluster?.end());

  const batches = async (type: string) =>
    (await recordedAfter(position, (event) => event.type === type && event.stream === `content-${target}`)).map(
      ({ data }) => data as { readonly batch: number; readonly rooms: readonly { readonly room: string }[] },
    );

  const rolledBackAt = async () =>
    (
      await recordedAfter(
        position,
        ({ type, data }) => type === 'MigrationRolledBack' && data['migration'] === migration,
      )
    ).map((event) => event.position);

  /** Kills both servers in the middle of what one of them carries after this, answered or not; only one of them comes back. */
  async function killedAfter(type: string, act: () => Promise<void>): Promise<void> {
    const head = await withReader((reader) => reader.head());
    const acting = act();
    acting.catch(() => undefined);
    await withReader((reader) => untilBatches(reader, head, type, 2));
    await Promise.all(cluster.nodes.map((node) => node.kill()));
    await acting;
    expect((await batches(type)).length).toBeLessThan(Math.ceil((rooms + 2) / batchThings));
    await cluster.restart(1);
  }

  /** Looked for by reading: a subscription takes longer to begin than some of them take. */
  async function untilBatches(reader: EventLogReader, head: bigint, wanted: string, count: number): Promise<void> {
    for (const since = Date.now(); Date.now() - since < 60_000; await sleep(10)) {
      let seen = 0;
      for await (const page of reader.readAll(head))
        for (const { type, stream } of page)
          if (type === wanted && stream === `content-${target}` && ++seen >= count) return;
    }
    throw new Error(`no ${count} batches came`);
  }

  it('carries each thing over once, though both are killed', async () => {
    await killedAfter('ContentCarriedOver', async () => {
      await done(cluster.nodes[0]!, 'record-import', { migration, ...counts }).catch(unlessKilled);
    });
    const shown = await answered(
      () => cluster.nodes[1]!.get(`/api/migrations/${migration}`),
      ({ body }) => body?.carriedOver?.rooms === rooms,
    );
    expect(shown.body.carriedOver).toMatchObject({ categories: 2, rooms, clashes: 0 });
    const carried = await batches('ContentCarriedOver');
    expect(carried.map(({ batch }) => batch)).toEqual(carried.map((_, index) => index + 1));
    const names = carried.flatMap((batch) => batch.rooms.map(({ room }) => room));
    expect(names).toHaveLength(rooms);
    expect(new Set(names).size).toBe(rooms);
    await cluster.restart(0);
    await cluster.expectShown(BigInt(shown.headers.get('log-position')!));
  }, 300_000);

  it('is completed and rolled back in some order, and takes back what it has carried over, though both are killed', async () => {
    const [one, other] = cluster.nodes as [TestServer, TestServer];
    await done(one, 'record-files-copied', { migration, files: 1, bytes: 1 });
    await done(other, 'start-services', { migration, side: 'target' });
    const last = await done(one, 'record-verification', { migration, method: 'counts', conflicts: 0 });
    const [here, there] = await Promise.all(
      [one, other].map((node) =>
        answered(
          () => node.get(`/api/migrations/${migration}?after=${last}`),
          ({ status }) => status !== 503,
        ),
      ),
    );
    expect([here!.status, here!.body]).toEqual([200, there!.body]);
    await killedAfter('CarriedContentTakenBack', async () => {
      const reason = 'the pilot is over';
      const [completed, back] = await Promise.all([
        sent(one, 'complete-migration', { migration }),
        sent(other, 'roll-back-migration', { migration, reason, acceptLossOfNewMessages: true }),
      ]);
      if (back)
        expect([back.status, ['done', 'unchanged']]).toEqual([200, expect.arrayContaining([back.body.outcome])]);
      if (!completed) return;
      if (completed.status === 200) {
        const [backAt] = await rolledBackAt();
        expect(BigInt(completed.body.position)).toBeLessThan(backAt!);
      } else expect(completed.body.refusals).toEqual([expect.objectContaining({ rule: 'migration.rolled-back' })]);
    });
    await answered(
      () => cluster.nodes[1]!.get(`/api/rooms?deployment=${target}&limit=1`),
      ({ body }) => body?.total === 0,
    );
    const takenBack = await recordedAfter(position, ({ type }) => type === 'CarriedContentTakenBack');
    const gone = takenBack.flatMap(
      ({ data }) => (data as unknown as Readonly<Record<'removed', { rooms: string[] }>>).removed.rooms,
    );
    expect([gone.length, new Set(gone).size]).toEqual([rooms, rooms]);
    const backAt = await rolledBackAt();
    expect(backAt).toHaveLength(1);
    await cluster.restart(0);
    await cluster.expectShown(backAt[0]!);
    const { body } = await cluster.nodes[1]!.get('/health/ready', null);
    expect(body.carryOver).toMatchObject({ due: 0 });
  }, 300_000);
});
