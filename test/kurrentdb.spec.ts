import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, describeOnKurrentDb } from './cluster/on-kurrentdb.js';
import type { TestServer } from './server.js';

const unique = `${Date.now()}`;

describeOnKurrentDb('two nodes on the log of HOMEWARD_TEST_KURRENTDB', () => {
  let cluster: Cluster;
  let nodes: readonly [TestServer, TestServer];
  beforeAll(async () => {
    cluster = await Cluster.start();
    nodes = cluster.nodes as [TestServer, TestServer];
  }, 120_000);
  afterAll(() => cluster?.end());

  it('have one first token between them, though both began on an empty log', async () => {
    for (const node of nodes) {
      const { body } = await node.get('/api/tokens');
      expect(body.items.filter(({ name }: { name: string }) => name === 'first token')).toHaveLength(1);
    }
  });

  it('show on one what was done on the other, as of its position', async () => {
    const [one, other] = nodes;
    for (let n = 0; n < 20; n++) {
      const { body } = await one.send('register-site', { site: `Site ${unique} ${n}` });
      const shown = await other.get(`/api/sites?limit=500&after=${body.position}`);
      expect({ status: shown.status, text: shown.text }).toMatchObject({
        status: 200,
        text: expect.stringContaining(`Site ${unique} ${n}`),
      });
    }
  });

  it('decide on what the other did a moment ago, also where nothing is recorded', async () => {
    const [one, other] = nodes;
    const policy = `tag:two-nodes-${unique}`;
    await one.send('create-policy', { policy });
    for (let n = 0; n < 10; n++) {
      expect((await one.send('enable-policy', { policy })).body.outcome).toBe('done');
      expect((await other.send('enable-policy', { policy })).body.outcome).toBe('unchanged');
      expect((await other.send('disable-policy', { policy })).body.outcome).toBe('done');
      expect((await one.send('disable-policy', { policy })).body.outcome).toBe('unchanged');
    }
  });

  it('answer a key the same, whichever is asked, and at once', async () => {
    const sent = Array.from({ length: 10 }, (_, n) =>
      nodes[n % 2]!.send('register-site', { site: `Key ${unique}` }, { 'idempotency-key': `key-${unique}` }),
    );
    const answers = await Promise.all(sent);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.events[0].id)).size).toBe(1);
    const reused = await nodes[1].send('register-site', { site: 'Other' }, { 'idempotency-key': `key-${unique}` });
    expect(reused.status).toBe(409);
  });

  it('end a token on both when it is revoked on one', async () => {
    const [one, other] = nodes;
    const { token, secret } = await one.issueToken(['auditor']);
    expect((await other.get('/api/session', secret)).status).toBe(200);
    await one.send('revoke-token', { token });
    expect((await other.get('/api/session', secret)).status).toBe(401);
  });

  it('show a run that the other works on', async () => {
    const [one, other] = nodes;
    const rows = Array.from({ length: 600 }, (_, n) => `sip:run${unique}-${n}@contoso.com,Run ${n}`);
    const started = await one.request('/api/imports/users', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: ['SipAddress,DisplayName', ...rows].join('\r\n'),
    });
    expect(started.status).toBe(202);
    let run = { state: 'unknown', counts: {} };
    for (let waited = 0; waited < 200 && run.state !== 'done'; waited++) {
      await sleep(50);
      const { status, body } = await other.get(`/api/runs/${started.body.run}`);
      if (status === 200) run = body;
    }
    expect(run).toMatchObject({ state: 'done', counts: { done: 600, refused: 0, invalid: 0 } });
  });

  it('hold every rule when both are asked at once', async () => {
    const site = `Race ${unique}`;
    await nodes[0].send('register-site', { site });
    for (let n = 0; n < 10; n++) {
      const pool = `race${n}-${unique}.contoso.com`;
      const user = `sip:race${n}-${unique}@contoso.com`;
      await nodes[0].send('register-pool', { pool, generation: 'lync-2013', site });
      await nodes[0].send('enrol-user', { user });
      const [homed, sealed] = await Promise.all([
        nodes[n % 2]!.send('home-user', { user, pool }),
        nodes[(n + 1) % 2]!.send('seal-pool', { pool }),
      ]);
      expect(sealed.body.outcome).toBe('done');
      // Where it was sealed first, nobody came in any more.
      if (homed.status === 200) expect(BigInt(homed.body.position)).toBeLessThan(BigInt(sealed.body.position));
      else expect(homed.body.refusals).toEqual([expect.objectContaining({ rule: 'homing.pool-sealed' })]);
    }
  });
});
