import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem } from './problem-matchers.js';
import { type Answer, TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  await server.send('register-site', { site: 'Redmond' });
  await server.send('register-pool', { pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' });
});
afterAll(() => server.dispose());

const upload = (body: string | Buffer, type = 'text/csv', token?: string): Promise<Answer> =>
  server.request('/api/imports/users', {
    method: 'POST',
    body,
    headers: { 'content-type': type },
    ...(token && { token }),
  });

async function finished(location: string): Promise<Answer> {
  for (let waited = 0; waited < 200; waited++) {
    const answer = await server.get(location);
    if (answer.body?.state === 'done') return answer;
    await sleep(50);
  }
  throw new Error(`${location} is not done`);
}

const file = [
  'SipAddress,DisplayName,RegistrarPool',
  'sip:alice@contoso.com,Alice,pool13.contoso.com',
  'sip:bob@contoso.com,Борис,nowhere.contoso.com',
  'not a sip address,Carol,pool13.contoso.com',
  '',
].join('\r\n');

test('a file becomes a run; what failed comes back as a file', async () => {
  const accepted = await upload(file);
  expect(accepted.status).toBe(202);
  const location = accepted.headers.get('location') ?? '';
  expect(location).toBe(`/api/runs/${accepted.body.run as string}`);
  const { body } = await finished(location);
  expect(body).toMatchObject({
    kind: 'users',
    total: 3,
    processed: 3,
    counts: { done: 1, unchanged: 0, refused: 1, invalid: 1 },
  });
  const failed = await server.get(`${location}/failed.csv`);
  expect(failed.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(failed.text.trim().split('\r\n')).toHaveLength(3);
  expect(failed.text).toMatch(/^"SipAddress","DisplayName","RegistrarPool","Error"/);
});

test('only an operator may send files; that is audited', async () => {
  const { secret } = await server.issueToken(['auditor']);
  expectProblem(await upload(file, 'text/csv', secret), 403);
  await server.caughtUp();
  const { body } = await server.get('/api/timeline?outcome=denied', secret);
  expect(body.items[0]).toMatchObject({ command: 'ImportUsers' });
});

test('a key makes of the same file the same run, of another one a 409', async () => {
  const send = (body: string): Promise<Answer> =>
    server.request('/api/imports/users', {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv', 'idempotency-key': 'monday' },
    });
  const [first, again] = [await send(file), await send(file)];
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expectProblem(await send(`${file}sip:dan@contoso.com,Dan,\r\n`), 409);
});

test('a file whose lines end with carriage returns alone has its rows', async () => {
  const { body, headers } = await upload('SipAddress,DisplayName\rsip:mac@contoso.com,Mac\rsip:pc@contoso.com,PC\r');
  expect(body).toMatchObject({ total: 2 });
  expect((await finished(headers.get('location') ?? '')).body.counts).toMatchObject({ done: 2 });
});

const rows = (count: number): string =>
  Array.from({ length: count }, (_, index) => `sip:user${index}@contoso.com,User ${index}\r\n`).join('');

test.each([
  ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52])],
  ['nothing', ''],
  ['JSON', '{"SipAddress":"x"}'],
  ['a header without the column that names the user', 'DisplayName\r\nAlice\r\n'],
  [
    'an unclosed quote at line 90,000',
    `SipAddress,DisplayName\r\n${rows(89_998)}sip:x@contoso.com,"never closed\r\n${rows(100)}`,
  ],
])('%s as a CSV is a 400, and no run is made', async (_, body) => {
  await server.caughtUp();
  const before = (await server.get('/api/runs')).body.total as number;
  expectProblem(await upload(body), 400);
  await server.caughtUp();
  expect((await server.get('/api/runs')).body.total).toBe(before);
});

test.each(['application/json', 'image/png', 'multipart/form-data; boundary=x'])(
  'a file as %s is a 415',
  async (type) => {
    expectProblem(await upload(file, type), 415);
  },
);

test.each(['/api/runs/nonsense', '/api/runs/00000000-0000-0000-0000-000000000000', '/api/runs/nonsense/failed.csv'])(
  '%s is a 404 or a 400',
  async (path) => {
    const answer = await server.get(path);
    expectProblem(answer, answer.status === 400 ? 400 : 404);
  },
);
