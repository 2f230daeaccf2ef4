import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '#event-log';
import { answered, Cluster, describeOnKurrentDb, done, recordedAfter } from './cluster/on-kurrentdb.js';
import type { Answer, TestServer } from './server.js';

const rows = 8_000;
const id = Date.now().toString(36);
const pool = `pool-${id}.contoso.com`;
const deployment = `chat-${id}.contoso.com`;

describeOnKurrentDb('runs on two servers and the log of HOMEWARD_TEST_KURRENTDB', () => {
  let cluster: Cluster;
  let position: bigint;
  beforeAll(async () => {
    cluster = await Cluster.start({ leadersEnd: true });
    const [node] = cluster.nodes as [TestServer];
    await done(node, 'register-site', { site: `Site ${id}` });
    await done(node, 'register-pool', { pool, generation: 'lync-2013', site: `Site ${id}` });
    position = await done(node, 'register-deployment', { deployment, generation: 'lync-2013', homedOn: pool });
    await node.get(`/api/pools/${pool}?after=${position}`);
  }, 120_000);
  afterAll(() => cluster?.end());

  const upload = (node: TestServer, path: string, body: string, type = 'text/csv'): Promise<Answer> =>
    node.request(path, { method: 'POST', headers: { 'content-type': type }, body });
  const users = (prefix: string): string[] =>
    Array.from({ length: rows }, (_, n) => `sip:${prefix}-${n}-${id}@contoso.com`);
  const usersFile = (prefix: string): string =>
    ['SipAddress,RegistrarPool', ...users(prefix).map((user, n) => `${user},${n % 500 ? pool : 'nowhere'}`)].join('\n');

  /** Sends a file of each sort; how many events of which types its rows are to have left behind. */
  const sorts: Readonly<
    Record<string, (node: TestServer) => Promise<{ answer: Answer; left: Readonly<Record<string, number>> }>>
  > = {
    'an import of users': async (node) => {
      const refused = rows / 500;
      const left = { UserEnrolled: rows - refused, UserHomed: rows - refused, CommandRefused: refused };
      return { answer: await upload(node, '/api/imports/users', usersFile('import')), left };
    },
    'a bulk file of JSON lines': async (node) => {
      const lines = users('bulk').map((user) => JSON.stringify({ user, displayName: 'Somebody' }));
      const answer = await upload(node, '/api/bulk/enrol-user', lines.join('\n'), 'application/x-ndjson');
      return { answer, left: { UserEnrolled: rows } };
    },
    'an import of content': async (node) => {
      const lines = Array.from({ length: rows }, (_, n) => `Category ${n % 20},Room ${n},Open`);
      const body = ['CategoryPath,Room,Privacy', ...lines].join('\n');
      const answer = await upload(node, `/api/imports/content?deployment=${deployment}`, body);
      return { answer, left: { CategoryAdded: 20, RoomAdded: rows } };
    },
    'a plan that is applied': async (node) => {
      const lines = users('plan').map((user) => `${user},${pool}`);
      const planned = await upload(node, '/api/plans/bulk/enrol-user', ['user,pool', ...lines].join('\n'));
      expect([planned.status, planned.body.counts]).toMatchObject([201, { done: rows }]);
      const { plan, hash } = planned.body as { plan: string; hash: string };
      const answer = await node.request(`/api/plans/${plan}/apply`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ hash }),
      });
      return { answer, left: { UserEnrolled: rows, UserHomed: rows } };
    },
  };

  const runOn = (node: TestServer, run: string, isSo: (run: Answer['body']) => boolean): Promise<Answer> =>
    answered(
      () => node.get(`/api/runs/${run}`),
      ({ status, body }) => status === 200 && isSo(body),
    );

  async function expectOnce(run: string, left: Readonly<Record<string, number>>): Promise<RecordedEvent[]> {
    const events = await recordedAfter(
      position,
      ({ stream, meta }) => meta.causationId === run || stream.endsWith(run),
    );
    const counts: Record<string, number> = {};
    const about = new Set<string>();
    for (const { type, stream, data, meta } of events) {
      if (meta.commandId === run || stream.startsWith('claim-')) continue;
      counts[type] = (counts[type] ?? 0) + 1;
      const [what] =
        type === 'CommandRefused'
          ? (data['subjects'] as unknown[])
          : [data['user'] ?? data['room'] ?? data['category']];
      if (about.has(`${type} ${String(what)}`)) throw new Error(`${type} of ${String(what)} is there twice`);
      about.add(`${type} ${String(what)}`);
    }
    expect(counts).toEqual(left);
    return events;
  }

  it.each(Object.keys(sorts))(
    'go on at the other one when theirs is killed, without losing or repeating a row: %s',
    async (sort) => {
      const [node, other] = cluster.nodes as [TestServer, TestServer];
      const { answer, left } = await sorts[sort]!(node);
      expect([answer.status, answer.text]).toEqual([202, expect.anything()]);
      const { run } = answer.body as { run: string };
      await runOn(other, run, ({ processed }) => processed > 0);
      await node.kill();
      const before = (await other.get(`/api/runs/${run}`)).body;
      expect(before.processed).toBeLessThan(rows);
      const { body } = await runOn(other, run, ({ state }) => state === 'done');
      expect(body).toMatchObject({ processed: rows, counts: { refused: left['CommandRefused'] ?? 0, invalid: 0 } });
      const events = await expectOnce(run, left);
      expect(events.filter(({ type }) => type === 'RunClaimed').length).toBeGreaterThan(1);
      if (left['CommandRefused']) {
        const failed = await other.get(`/api/runs/${run}/failed.csv`);
        expect([failed.status, failed.text.trimEnd().split('\n').length]).toEqual([200, left['CommandRefused'] + 1]);
      }
      await cluster.restart(0);
      await cluster.expectShown(events.at(-1)!.position);
    },
    180_000,
  );

  it('are left by a node that was frozen and comes back, and go on at once where a node is stopped', async () => {
    const [node, other] = cluster.nodes as [TestServer, TestServer];
    const lines = users('frozen').map((user) => `${user},${pool}`);
    const { body } = await upload(node, '/api/bulk/enrol-user', ['user,pool', ...lines].join('\n'));
    const { run } = body as { run: string };
    await runOn(other, run, ({ processed }) => processed > 0);
    process.kill(node.pid, 'SIGSTOP');
    const claimed = (): Promise<RecordedEvent[]> => recordedAfter(position, ({ stream }) => stream === `claim-${run}`);
    for (let waited = 0; new Set((await claimed()).map(({ data }) => data['node'])).size < 2; waited++) {
      if (waited > 60) throw new Error('nobody takes the run over');
      await sleep(500);
    }
    process.kill(node.pid, 'SIGCONT');
    await sleep(500);
    // The run goes back, for nobody else is left.
    expect(await other.stop()).toBe(0);
    const since = Date.now();
    await runOn(node, run, ({ state }) => state === 'done');
    await expectOnce(run, { UserEnrolled: rows, UserHomed: rows });
    expect(Date.now() - since).toBeLessThan(120_000);
    await cluster.restart(1);
  }, 240_000);
});
