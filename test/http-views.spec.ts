import { expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

let server: TestServer;
let created: string;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  for (const site of ['Redmond', 'Dublin', 'Oslo']) await server.send('register-site', { site });
  await server.send('register-pool', { pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' });
  ({ position: created } = (
    await server.send('enrol-user', { user: 'alice@contoso.com', pool: 'pool13.contoso.com' })
  ).body);
  await server.get(`/api/users?after=${created}`);
});
afterAll(() => server.dispose());

const paths = [
  '/api/deployments', '/api/pools', '/api/sites', '/api/users', '/api/policies', '/api/migrations', '/api/findings',
  '/api/timeline', '/api/events', '/api/projections', '/api/tokens', '/api/categories?deployment=a.contoso.com',
  '/api/rooms?deployment=a.contoso.com', '/api/add-ins?deployment=a.contoso.com', '/api/pools/pool13.contoso.com',
  '/api/users/sip:alice@contoso.com', '/api/users/alice%40contoso.com/access',
]; // prettier-ignore

test.each(paths)('%s answers now, as of a position and as of an instant, with its Log-Position', async (path) => {
  const join = path.includes('?') ? '&' : '?';
  const { recordedAt } = (await server.get(`/api/events/${created}`)).body as { recordedAt: string };
  for (const moment of ['', `${join}asOf=@${created}`, `${join}asOf=${recordedAt}`, `${join}after=${created}`]) {
    const answer = await server.get(path + moment);
    expect([moment, answer.status]).toEqual([moment, 200]);
    expect(Number(answer.headers.get('log-position'))).toBeGreaterThanOrEqual(Number(created));
  }
  expectProblem(await server.get(`${path}${join}asOf=2999-01-01T00:00:00Z`), 400);
  expectProblem(await server.get(`${path}${join}nonsense=1`), 400);
});

test('before the first event the world is empty', async () => {
  const early = 'asOf=2001-01-01T00:00:00%2B02:00';
  for (const path of ['/api/sites', '/api/users', '/api/timeline', '/api/events', '/api/tokens', '/api/deployments']) {
    const { status, body, headers } = await server.get(`${path}?${early}`);
    expect([path, status, body, headers.get('log-position')]).toEqual([
      path,
      200,
      { items: [], next: null, total: 0 },
      '0',
    ]);
  }
  expectProblem(await server.get(`/api/pools/pool13.contoso.com?${early}`), 404);
});

test('a plus in the offset of an instant need not be percent-encoded', async () => {
  expect((await server.get('/api/sites?asOf=2001-01-01T00:00:00+02:00')).status).toBe(200);
});

test('a list pages by its cursor, without gap or double', async () => {
  const sites: string[] = [];
  let next: string | null = '';
  for (let page = 0; next !== null && page < 10; page++) {
    const { body } = await server.get(`/api/sites?limit=2${next && `&cursor=${encodeURIComponent(next)}`}`);
    expect(body.total).toBe(3);
    sites.push(...(body.items as { site: string }[]).map(({ site }) => site));
    ({ next } = body as { next: string | null });
  }
  expect(sites.toSorted()).toEqual(['Dublin', 'Oslo', 'Redmond']);
});

test('`after` waits for what was written just now', async () => {
  for (let index = 0; index < 20; index++) {
    const { position } = (await server.send('register-site', { site: `Fresh ${index}` })).body as { position: string };
    const { body } = await server.get(`/api/sites?after=${position}&limit=500`);
    expect((body.items as { site: string }[]).some(({ site }) => site === `Fresh ${index}`)).toBe(true);
  }
});

test('/api/events?after= is where to begin, and waits for nothing', async () => {
  const { body } = await server.get(`/api/events?after=${Number(created) - 1}&limit=1`);
  expect(Number(body.items[0].position)).toBeGreaterThan(Number(created) - 1);
  const past = await server.get('/api/events?after=99999999');
  expect([past.status, past.body.items]).toEqual([200, []]);
});

test.each(['/api/categories', '/api/rooms', '/api/add-ins'])('%s takes every filter of the contract', async (path) => {
  const query = 'deployment=a.contoso.com&category=Desks&q=x&excluded=true';
  expect((await server.get(`${path}?${query}`)).body).toEqual({ items: [], next: null, total: 0 });
});

test('a text without a word finds nothing in the timeline', async () => {
  const total = async (q: string): Promise<number> =>
    (await server.get(`/api/timeline?q=${encodeURIComponent(q)}`)).body.total as number;
  expect(await Promise.all(['*', "'", '…', ' '].map(total))).toEqual([0, 0, 0, 0]);
  const [all, found, others] = await Promise.all(['contoso', 'ali', '-ali contoso'].map(total));
  expect(found).toBeGreaterThan(0);
  expect(others).toBe((all ?? 0) - (found ?? 0));
});

test.each([
  ['/api/pools/zz.zz', 'the pool zz.zz is not known'],
  ['/api/deployments/zz.zz', 'the deployment zz.zz is not known'],
  ['/api/users/Bob@contoso.com', 'the user sip:bob@contoso.com is not known'],
  ['/api/users/Bob@contoso.com/access', 'the user sip:bob@contoso.com is not known'],
  ['/api/gates/pool:zz.zz', 'pool:zz.zz is not known as a legacy pool or deployment'],
  ['/api/events/999999', 'there is no event at position 999999'],
])('the 404 of %s names the thing', async (path, detail) => {
  const answer = await server.get(path);
  expectProblem(answer, 404);
  expect(answer.body.detail).toContain(detail);
});

test.each([
  '/api/projections?cursor=abc',
  '/health/live?x=1',
  '/health/ready?x=1',
  '/metrics?x=1',
  '/api/openapi.json?x=1',
])('%s is a 400', async (path) => {
  expectProblem(await server.get(path), 400);
});

test('the OpenAPI document tells of the diff and of sessions what is so', async () => {
  const { paths } = (await server.get('/api/openapi.json')).body;
  const diff = paths['/api/diff'].get;
  expect(diff.parameters.map(({ name }: { name: string }) => name)).toEqual(['from', 'to', 'after', 'limit', 'cursor']);
  expect(diff.responses[200].content['application/json'].schema.required).toEqual([
    'from',
    'to',
    'items',
    'next',
    'total',
  ]);
  expect(Object.keys(paths['/api/runs/{run}/rows'].get.responses as object)).toContain('404');
  expect(Object.keys(paths['/api/session'].post.responses as object)).toEqual(
    expect.arrayContaining(['400', '403', '429']),
  );
});

test('HEAD is GET without the body', async () => {
  const { status, text, headers } = await server.request('/api/sites', { method: 'HEAD' });
  expect([status, text, headers.get('log-position') !== null]).toEqual([200, '', true]);
});

test('the OpenAPI document has every command with its schema and example, and every view', async () => {
  const { body, text } = await server.get('/api/openapi.json', null);
  expect(body.openapi).toBe('3.1.0');
  expect(body.paths['/api/commands/home-user'].post.requestBody.content['application/json'].example).toMatchObject({
    user: expect.any(String),
  });
  expect(body.components.schemas.HomeUser.required).toEqual(['user', 'pool']);
  for (const path of [
    '/api/users/{user}',
    '/api/timeline',
    '/api/events',
    '/api/session',
    '/api/imports/users',
    '/api/live',
  ])
    expect(Object.keys(body.paths as object)).toContain(path);
  for (const [, reference] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(body.components.schemas as object)).toContain(reference);
});

test('/docs loads nothing from elsewhere and runs nothing inline', async () => {
  const { text, headers } = await server.get('/docs', null);
  expect(text).not.toMatch(/https?:\/\/|<script>|<style|style=/);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
  for (const [, file] of text.matchAll(/(?:src|href)="(\/[^"]+)"/g))
    expect((await server.get(file ?? '', null)).status).toBe(200);
  expect(headers.get('x-powered-by')).toBeNull();
});

test('/metrics has commands by outcome and latency, batch sizes and projection lag', async () => {
  const { text } = await server.get('/metrics', null);
  for (const name of [
    'homeward_commands_total{command="RegisterSite",outcome="done"}',
    'homeward_command_duration_seconds_bucket',
    'homeward_append_batch_appends_sum',
    'homeward_projection_lag_events{projection=',
    'homeward_http_requests_total',
    'process_resident_memory_bytes',
  ])
    expect(text).toContain(name);
});
