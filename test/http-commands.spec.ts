import { badFields, expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
});
afterAll(() => server.dispose());

const eventCount = async (): Promise<number> => (await server.get('/api/events?limit=1')).body.total as number;

test('a command is done, then unchanged; the answer names its events and their positions', async () => {
  const done = await server.send('register-site', { site: 'Redmond' });
  expect(done.status).toBe(200);
  expect(done.body).toEqual({
    outcome: 'done',
    position: expect.stringMatching(/^\d+$/),
    events: [
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: 'SiteRegistered',
        stream: 'site-redmond',
        revision: '0',
        position: done.body.position,
        recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        data: { site: 'Redmond' },
      },
    ],
  });
  expect(done.headers.get('log-position')).toBe(done.body.position);
  const unchanged = await server.send('register-site', { site: 'redmond' });
  expect({ status: unchanged.status, body: unchanged.body }).toEqual({
    status: 200,
    body: { outcome: 'unchanged', position: null, events: [] },
  });
});

test('a refusal is a 422 with every rule, and is in the timeline', async () => {
  const refused = await server.send('register-pool', {
    pool: 'pool01.contoso.com',
    generation: 'lync-2013',
    site: 'Nowhere',
  });
  expectProblem(refused, 422);
  expect(refused.body.refusals).toEqual([{ rule: 'topology.unknown-site', detail: expect.any(String) }]);
  const { body } = await server.get(`/api/timeline?outcome=refused&after=${refused.headers.get('log-position')}`);
  expect(body.items[0]).toMatchObject({ command: 'RegisterPool', outcome: 'refused' });
});

test('?plan=true decides and writes nothing, not even a refusal', async () => {
  const before = await eventCount();
  const planned = await server.send('register-site?plan=true', { site: 'Dublin' });
  expect(planned.body).toMatchObject({
    outcome: 'done',
    plan: true,
    position: null,
    events: [{ type: 'SiteRegistered', position: null }],
  });
  const refused = await server.send('register-pool?plan=true', {
    pool: 'p.contoso.com',
    generation: 'lync-2013',
    site: 'Dublin',
  });
  expect({ status: refused.status, body: refused.body }).toMatchObject({
    status: 200,
    body: { outcome: 'refused', plan: true, refusals: [{ rule: 'topology.unknown-site' }] },
  });
  expect(await eventCount()).toBe(before);
});

test.each(['plan=1', 'plan=', 'plan=true&plan=true', 'dry=true', 'plan=true&x=%zz'])(
  'an unknown or malformed ?%s is a 400',
  async (query) => {
    expectProblem(await server.send(`register-site?${query}`, { site: 'Dublin' }), 400);
  },
);

test('a key returns the first answer: done, unchanged or refused, whatever has happened since', async () => {
  const send = (key: string, body: object) => server.send('register-pool', body, { 'idempotency-key': key });
  const pool = { pool: 'pool02.contoso.com', generation: 'lync-2013', site: 'Redmond' };
  const first = await send('done', pool);
  expect((await send('done', { site: 'Redmond', generation: 'lync-2013', pool: 'pool02.contoso.com' })).body).toEqual(
    first.body,
  );
  expect((await send('unchanged', pool)).body.outcome).toBe('unchanged');
  expect((await send('unchanged', pool)).body.outcome).toBe('unchanged');
  const early = { pool: 'pool03.contoso.com', generation: 'lync-2013', site: 'Oslo' };
  expect((await send('refused', early)).status).toBe(422);
  await server.send('register-site', { site: 'Oslo' });
  const repeated = await send('refused', early);
  expectProblem(repeated, 422);
  expect(repeated.body.refusals[0].rule).toBe('topology.unknown-site');
});

test('a key with another body or command is a 409; a 400 does not use it up', async () => {
  const key = { 'idempotency-key': 'one key' };
  expectProblem(await server.send('register-site', { site: '' }, key), 400);
  expect((await server.send('register-site', { site: 'Madrid' }, key)).body.outcome).toBe('done');
  expectProblem(await server.send('register-site', { site: 'Lisbon' }, key), 409);
  expectProblem(await server.send('seal-pool', { pool: 'pool02.contoso.com' }, key), 409);
});

test('50 parallel sends of one key do it once and answer alike', async () => {
  const sends = Array.from({ length: 50 }, () =>
    server.send('register-site', { site: 'Prague' }, { 'idempotency-key': 'fifty' }),
  );
  const bodies = new Set((await Promise.all(sends)).map(({ text }) => text));
  expect(bodies.size).toBe(1);
  expect([...bodies][0]).toContain('"done"');
});

test('the secret of an issued token is in the first answer only', async () => {
  const send = () => server.send('issue-token', { name: 'bot', roles: ['operator'] }, { 'idempotency-key': 'issue' });
  const first = await send();
  expect(first.body).toMatchObject({ outcome: 'done', token: expect.any(String), secret: expect.any(String) });
  const again = await send();
  expect(again.body.token).toBe(first.body.token);
  expect(again.text).not.toContain('secret"');
  const events = await server.get(`/api/events?limit=500`);
  expect(events.text).not.toContain(first.body.secret as string);
});

test('X-Correlation-Id is taken over, recorded and given back; one is made where there is none', async () => {
  const { headers, body } = await server.send(
    'register-site',
    { site: 'Vienna' },
    { 'x-correlation-id': 'change 42/7' },
  );
  expect(headers.get('x-correlation-id')).toBe('change 42/7');
  const event = await server.get(`/api/events/${body.position}`);
  expect(event.body.meta).toMatchObject({
    correlationId: 'change 42/7',
    command: 'RegisterSite',
    client: { ip: '127.0.0.1' },
  });
  expect((await server.get('/nowhere')).headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['x-correlation-id', 'x'.repeat(129)],
  ['x-correlation-id', 'caf\u00e9'],
  ['idempotency-key', 'x'.repeat(129)],
  ['idempotency-key', 'a\tb'],
])('a malformed %s is a 400 that names it', async (name, value) => {
  const answer = await server.send('register-site', { site: 'Rome' }, { [name]: value });
  expectProblem(answer, 400);
  expect(badFields(answer)[0]?.toLowerCase()).toBe(name);
});
