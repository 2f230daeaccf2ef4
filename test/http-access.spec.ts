import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
});
afterAll(() => server.dispose());

interface Denied {
  readonly position: string;
  readonly command: string | null;
  readonly actor: { readonly name: string };
  readonly subjects: readonly string[];
}

/** What was denied since `mark`, newest first. */
const deniedSince = async (mark: number): Promise<Denied[]> => {
  await settled();
  const { body } = await server.get('/api/timeline?outcome=denied&limit=500');
  return (body.items as Denied[]).filter(({ position }) => Number(position) > mark);
};
const mark = async (): Promise<number> => Number((await server.get('/health/ready')).body.position);
/** Everything recorded so far is in the timeline. */
const settled = async (): Promise<void> => {
  const { body } = await server.get('/health/ready');
  await server.get(`/api/timeline?after=${body.position}`);
};

/** The limits are in memory and begin anew. */
const restart = async (): Promise<void> => {
  await server.stop();
  server = await TestServer.start({ dataDir: server.dataDir });
  await server.ready();
};

test('without a token: 401, not audited; health, docs and the OpenAPI document need none', async () => {
  const since = await mark();
  for (const path of ['/api/users', '/api/deployments', '/api/timeline', '/api/live', '/api/session', '/api/tokens']) {
    const answer = await server.get(path, null);
    expectProblem(answer, 401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  }
  for (const path of ['/health/live', '/health/ready', '/docs', '/api/openapi.json', '/metrics'])
    expect((await server.get(path, null)).status).toBe(200);
  expect(await deniedSince(since)).toEqual([]);
});

test('a token that is wrong, revoked or expired: 401, audited, and never written down', async () => {
  const since = await mark();
  const revoked = await server.issueToken(['operator']);
  await server.send('revoke-token', { token: revoked.token });
  const expired = await server.issueToken(['operator'], { expiresAt: new Date(Date.now() + 1000).toISOString() });
  expect((await server.get('/api/session', expired.secret)).status).toBe(200);
  await sleep(1100);
  for (const secret of ['hw_wrong-token-that-nobody-ever-issued', revoked.secret, expired.secret])
    expectProblem(await server.get('/api/users', secret), 401);
  expect(await deniedSince(since)).toHaveLength(3);
  const events = await server.get('/api/events?limit=500');
  expect(events.text).not.toContain('hw_wrong-token');
  expect(events.text).not.toContain(revoked.secret);
  expect(server.output).not.toContain('hw_');
});

test('a command beyond its roles: 403, audited with what it was about; the key is not used up', async () => {
  const since = await mark();
  const { secret } = await server.issueToken(['auditor']);
  const key = { 'idempotency-key': 'later' };
  expectProblem(await server.send('register-site', { site: 'Redmond' }, { token: secret, ...key }), 403);
  expect(await deniedSince(since)).toMatchObject([
    { command: 'RegisterSite', actor: { name: 'auditor' }, subjects: ['site:Redmond'] },
  ]);
  expectProblem(await server.send('register-site?plan=true', { site: 'Redmond' }, { token: secret }), 403);
  expect(await deniedSince(since)).toHaveLength(1);
});

test('a denied command keeps reason and ticket where they are well-formed, so that its ticket finds it', async () => {
  const since = await mark();
  const { secret: token } = await server.issueToken(['auditor']);
  const words = { reason: 'night shift', ticket: 'CHG-4711' };
  await server.send('register-site', { site: 'Redmond', ...words }, { token });
  await server.send('register-site', { site: '', ...words, reason: 'x'.repeat(1001) }, { token });
  await server.send('register-site', { ticket: ['CHG-4711'] }, { token });
  expect(await deniedSince(since)).toMatchObject([
    { reason: null, ticket: null },
    { reason: null, ticket: 'CHG-4711' },
    { reason: 'night shift', ticket: 'CHG-4711' },
  ]);
  for (const query of ['ticket=chg-4711', 'q=CHG-4711'])
    expect((await server.get(`/api/timeline?outcome=denied&${query}`)).body.total).toBe(2);
});

test('each role sees and does what the contract says', async () => {
  const tokens = {
    operator: (await server.issueToken(['operator'])).secret,
    approver: (await server.issueToken(['approver'])).secret,
    auditor: (await server.issueToken(['auditor'])).secret,
    admin: (await server.issueToken(['admin'])).secret,
  };
  const views = {
    '/api/users': 'operator approver auditor admin',
    '/api/timeline': 'operator approver auditor',
    '/api/events': 'auditor',
    '/api/tokens': 'admin',
  };
  for (const [path, may] of Object.entries(views))
    for (const [role, token] of Object.entries(tokens))
      expect([path, role, (await server.get(path, token)).status]).toEqual([
        path,
        role,
        may.includes(role) ? 200 : 403,
      ]);
  const commands = {
    'register-site': 'operator',
    'decommission-pool': 'approver',
    'revoke-token': 'admin',
    'waive-gate': 'approver',
  };
  for (const [path, may] of Object.entries(commands))
    for (const [role, token] of Object.entries(tokens))
      expect([path, role, (await server.send(path, {}, { token })).status]).toEqual([
        path,
        role,
        role === may ? 400 : 403,
      ]);
  const asked = await server.get('/api/timeline?outcome=denied', tokens.operator);
  expect(asked.body.items).toEqual([]);
});

test('after 10 refused sign-ins a minute and address: 429 with Retry-After, unaudited; a good token never meets it', async () => {
  await restart();
  const since = await mark();
  for (let attempt = 1; attempt <= 10; attempt++)
    expectProblem(await server.get('/api/users', `hw_guess-number-${attempt}-of-many-more`), 401);
  const limited = await server.get('/api/users', 'hw_guess-number-eleven-of-many-more');
  expectProblem(limited, 429);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await server.get('/api/users')).status).toBe(200);
  expect(await deniedSince(since)).toHaveLength(10);
});

test('after 600 forbidden requests a minute and token: 429; what it may do goes on', async () => {
  const { secret } = await server.issueToken(['operator']);
  const statuses: number[] = [];
  for (let round = 0; round < 31; round++) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.get('/api/events', secret)));
    statuses.push(...answers.map(({ status }) => status));
  }
  expect(statuses.filter((status) => status === 403)).toHaveLength(600);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  expect((await server.get('/api/users', secret)).status).toBe(200);
});

describe('a session', () => {
  const signIn = (token: string, headers: Record<string, string> = {}) =>
    server.request('/api/session', {
      method: 'POST',
      token: null,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token }),
    });
  const cookieOf = (headers: Headers): string => headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const withCookie = (path: string, cookie: string, init: RequestInit = {}) =>
    server.request(path, { ...init, token: null, headers: { cookie, ...(init.headers as Record<string, string>) } });

  test('is a cookie for this site alone, that scripts cannot read, and tells who it is', async () => {
    const { status, headers, body } = await signIn(TestServer.firstToken);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'first token', roles: ['operator', 'approver', 'auditor', 'admin'] });
    expect(headers.get('set-cookie')).toMatch(/; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(headers.get('set-cookie')).not.toContain(TestServer.firstToken);
    const cookie = cookieOf(headers);
    expect((await withCookie('/api/session', cookie)).body).toEqual(body);
    const out = await withCookie('/api/session', cookie, { method: 'DELETE' });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/Max-Age=0/)]);
  });

  test('acts as the console', async () => {
    const cookie = cookieOf((await signIn(TestServer.firstToken)).headers);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"site":"Redmond"}' };
    const { body } = await withCookie('/api/commands/register-site', cookie, init);
    expect((await server.get(`/api/events/${body.position}`)).body.meta.actor.via).toBe('console');
  });

  test('changes nothing for pages of other sites', async () => {
    const cookie = cookieOf((await signIn(TestServer.firstToken)).headers);
    const send = (headers: Record<string, string>) =>
      withCookie('/api/commands/register-site', cookie, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"site":"Redmond"}',
      });
    expectProblem(await send({ origin: 'https://evil.example' }), 403);
    expectProblem(await send({ origin: 'null' }), 403);
    expect((await send({ origin: server.url })).status).toBe(200);
    expectProblem(await signIn(TestServer.firstToken, { origin: 'https://evil.example' }), 403);
  });

  test('survives a restart and dies with its token', async () => {
    const { token, secret } = await server.issueToken(['operator']);
    const cookie = cookieOf((await signIn(secret)).headers);
    await restart();
    const ask = () => server.request('/api/session', { token: null, headers: { cookie } });
    expect((await ask()).body).toMatchObject({ token });
    await server.send('revoke-token', { token });
    expectProblem(await ask(), 401);
  });

  test('ends for good when its owner signs out; the others of the same token go on', async () => {
    const [out, stays] = [await signIn(TestServer.firstToken), await signIn(TestServer.firstToken)].map(({ headers }) =>
      cookieOf(headers),
    ) as [string, string];
    expect((await withCookie('/api/session', out, { method: 'DELETE' })).status).toBe(204);
    expectProblem(await withCookie('/api/session', out), 401);
    await restart();
    expectProblem(await withCookie('/api/users', out), 401);
    expect((await withCookie('/api/users', stays)).status).toBe(200);
    expect((await withCookie('/api/session', out, { method: 'DELETE' })).status).toBe(204);
  });

  test('that is forged is refused and audited', async () => {
    await restart();
    const since = await mark();
    const cookie = cookieOf((await signIn(TestServer.firstToken)).headers);
    for (const forged of [
      `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`,
      'homeward_session=x',
      'homeward_session=a.b.c',
    ])
      expectProblem(await withCookie('/api/users', forged), 401);
    expect(await deniedSince(since)).toHaveLength(3);
  });

  test.each(['{}', '{"token":1}', '{"token":""}', '{"token":"a b"}', '{"token":"x","more":1}', '[]', 'x'])(
    'from %s is a 400',
    async (body) => {
      expectProblem(
        await server.request('/api/session', {
          method: 'POST',
          token: null,
          headers: { 'content-type': 'application/json' },
          body,
        }),
        400,
      );
    },
  );
});
