import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem } from './problem-matchers.js';
import { type Answer, TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
});
afterAll(async () => {
  expect(server.output).not.toMatch(/"level":"(error|fatal)"/);
  await server.dispose();
});

const bulk = (command: string, body: string | Buffer, type = 'text/csv', token?: string): Promise<Answer> =>
  server.request(`/api/bulk/${command}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
    ...(token && { token }),
  });
const runs = async (): Promise<number> => {
  await server.caughtUp();
  return (await server.get('/api/runs')).body.total as number;
};

async function finished(accepted: Answer): Promise<Answer> {
  expect(accepted.status).toBe(202);
  const location = accepted.headers.get('location') ?? '';
  for (let waited = 0; waited < 200; waited++) {
    const answer = await server.get(location);
    if (answer.body?.state === 'done') return answer;
    await sleep(50);
  }
  throw new Error(`${location} is not done`);
}

test('a file of any command becomes a run', async () => {
  const { body } = await finished(await bulk('register-site', 'site,ticket\r\nRedmond,CHG-1\r\nTacoma,CHG-1\r\n'));
  expect(body).toMatchObject({ kind: 'register-site', total: 2, counts: { done: 2 } });
  const items = (await server.get('/api/timeline?ticket=CHG-1')).body.items as { command: string; run: string }[];
  expect(items.map(({ command, run }) => [command, run])).toEqual([
    ['RegisterSite', body.run],
    ['RegisterSite', body.run],
  ]);
});

test('the example of the docs works as CSV and as JSON lines', async () => {
  const { paths } = (await server.get('/api/openapi.json')).body;
  const { post } = paths['/api/bulk/{command}'];
  const [{ example: command, schema }] = post.parameters;
  expect(schema.enum).toContain(command);
  expect(schema.enum).not.toContain('issue-token');
  for (const [type, { example }] of Object.entries<{ example: string }>(post.requestBody.content)) {
    const { body } = await finished(await bulk(command as string, example, type));
    expect(body.counts.invalid).toBe(0);
  }
});

test('an unknown command, and one whose answer holds a secret, are a 404', async () => {
  expectProblem(await bulk('drop-table', 'a\n1\n'), 404);
  const answer = await bulk('issue-token', 'name,roles\nx,operator\n');
  expectProblem(answer, 404);
  expect(answer.body.detail).toMatch(/secret/);
});

test.each([
  ['waive-gate', 'approver', 'operator'],
  ['revoke-token', 'admin', 'operator'],
  ['seal-pool', 'operator', 'approver'],
])('a file of %s takes the role %s, and %s does not do', async (command, role, other) => {
  const wrong = await server.issueToken([other]);
  expectProblem(await bulk(command, 'x\n1\n', 'text/csv', wrong.secret), 403);
  const right = await server.issueToken([role]);
  expectProblem(await bulk(command, 'x\n1\n', 'text/csv', right.secret), 400);
});

describe('no run is made of', () => {
  let before: number;
  beforeEach(async () => {
    before = await runs();
  });
  afterEach(async () => {
    expect(await runs()).toBe(before);
  });

  test.each([
    ['a header that names a field twice', 'site,SITE\nA,B\n', 'SITE'],
    ['a column that is no field', 'site,colour\nA,red\n', 'colour'],
    ['nothing', '', 'file'],
    ['NUL bytes', '\0\0\0\0', 'file'],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'file'],
    ['an unclosed quote', 'site\n"A\n', 'file'],
  ])('%s, which is a 400', async (_, body, field) => {
    const answer = await bulk('register-site', body);
    expectProblem(answer, 400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  test.each(['application/json', 'application/x-www-form-urlencoded', 'x', 'application/x-ndjson-seq'])(
    'a file as %s, which is a 415',
    async (type) => {
      expectProblem(await bulk('register-site', 'site\nA\n', type), 415);
    },
  );

  test('JSON lines sent to an import, which are a 415', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    expectProblem(await server.request('/api/imports/users', { method: 'POST', body: '{}', headers }), 415);
  });

  test('a parameter of an address that takes none, which is a 400', async () => {
    expectProblem(await bulk('register-site?plan=true', 'site\nA\n'), 400);
  });

  test('a request without a body, which is a 400', async () => {
    expectProblem(await server.request('/api/bulk/register-site', { method: 'POST' }), 400);
  });

  test('a promise of more than the limit, which is a 413', async () => {
    const answer = await raw(
      `POST /api/bulk/register-site HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TestServer.firstToken}\r\n` +
        `Content-Type: text/csv\r\nContent-Length: ${2 ** 40}\r\nConnection: close\r\n\r\nsite\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/application\/problem\+json/);
  });

  test('an upload that is cut in the middle', async () => {
    await cut(
      `POST /api/bulk/register-site HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TestServer.firstToken}\r\n` +
        'Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\nsite\r\nCut short\r\n',
    );
    await sleep(200);
    expect((await server.get('/api/sites?limit=500')).text).not.toContain('Cut short');
  });

  test.each([
    'Content-Length: 1000\r\n\r\nsite\r\nCut short\r\n',
    'Transfer-Encoding: chunked\r\n\r\n17\r\nsite\r\nCut short',
  ])('an upload that ends before its body does, told so while its sender still listens: %j', async (rest) => {
    const answer = await raw(
      `POST /api/bulk/register-site HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TestServer.firstToken}\r\n` +
        `Content-Type: text/csv\r\n${rest}`,
      true,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('the request ends before its body does');
    expect((await server.get('/api/sites?limit=500')).text).not.toContain('Cut short');
  });
});

/** All that the server answers to these bytes; `isAll`: nothing comes after them, and that is said. */
function raw(bytes: string, isAll = false): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => (isAll ? socket.end(bytes) : socket.write(bytes)));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.setTimeout(5000, () => socket.destroy());
  });
}

/** Sends these bytes and goes away. */
function cut(bytes: string): Promise<void> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, () => setTimeout(() => socket.destroy(), 100));
    });
    socket.on('close', () => resolve()).on('error', () => undefined);
  });
}
