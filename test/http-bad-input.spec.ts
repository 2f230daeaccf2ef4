import { connect } from 'node:net';
import { badFields, expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

let server: TestServer;
let before: number;
const eventCount = async (): Promise<number> => (await server.get('/api/events?limit=1')).body.total as number;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  before = await eventCount();
});
afterAll(async () => {
  expect(await eventCount()).toBe(before);
  expect(server.output).not.toMatch(/"level":"(error|fatal)"/);
  await server.dispose();
});

const long = 'a'.repeat(10_000);

describe('a body', () => {
  test.each([
    ['nothing', ''],
    ['white space', '  \n'],
    ['a cut object', '{"site":'],
    ['a list', '[{"site":"Redmond"}]'],
    ['null', 'null'],
    ['a number', '1e999'],
    ['a string', '"Redmond"'],
    ['an empty object', '{}'],
    ['NUL bytes', '\0\0\0'],
    ['a NUL in a name', '{"site":"Red\\u0000mond"}'],
    ['an unpaired surrogate', '{"site":"\\ud800"}'],
    ['an unpaired surrogate as a key', '{"site":"Redmond","\\udc00":1}'],
    ['__proto__', '{"site":"Redmond","__proto__":{"admin":true}}'],
    ['constructor', '{"site":"Redmond","constructor":{"prototype":{}}}'],
    ['toString', '{"site":"Redmond","toString":1,"hasOwnProperty":2,"valueOf":3}'],
    ['an unknown field', '{"site":"Redmond","colour":"blue"}'],
    ['a number for a name', '{"site":42}'],
    ['a list for a name', '{"site":["Redmond"]}'],
    ['an object for a name', '{"site":{"$ne":null}}'],
    ['a name of 10,000 characters', JSON.stringify({ site: long })],
    ['a key of 10,000 characters', JSON.stringify({ [long]: 1, site: 'Redmond' })],
    [
      '10,000 unknown keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1]))),
    ],
    ['deep lists', `{"site":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['deep objects', `${'{"site":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['a wrong reason', '{"site":"Redmond","reason":""}'],
  ])('of %s is a 400 that says what would be right', async (_, body) => {
    const answer = await server.send('register-site', body);
    expectProblem(answer, 400);
    expect(badFields(answer).length).toBeGreaterThan(0);
    expect(answer.text.length).toBeLessThan(100_000);
  });

  test('that is no UTF-8 is a 400', async () => {
    const body = Buffer.concat([Buffer.from('{"site":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expectProblem(
      await server.request('/api/commands/register-site', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      }),
      400,
    );
  });

  test('that names a member twice is a 400 that names it', async () => {
    const answer = await server.send('register-site?plan=true', '{"site":"Redmond","reason":"site","site":"Tacoma"}');
    expectProblem(answer, 400);
    expect(badFields(answer)).toEqual(['site']);
  });

  test.each(['/api/plans/imports/nope', '/api/imports/nope', '/api/plans/nope/nope/nope'])(
    'sent to %s is a 404, whatever it is',
    async (path) => {
      for (const type of ['text/csv', 'application/json', 'image/png'])
        expectProblem(
          await server.request(path, { method: 'POST', body: '{', headers: { 'content-type': type } }),
          404,
        );
    },
  );

  test('that begins with a byte order mark is JSON', async () => {
    const answer = await server.send('register-site?plan=true', '\ufeff{"site":"Redmond"}');
    expect([answer.status, answer.body.outcome]).toEqual([200, 'done']);
    expectProblem(await server.send('register-site?plan=true', '\ufeff'), 400);
  });

  test('with two Idempotency-Keys is a 400', async () => {
    const body = '{"site":"Redmond"}';
    const answer = await raw(
      `POST /api/commands/register-site HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TestServer.firstToken}\r\n` +
        'Content-Type: application/json\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n' +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]+Idempotency-Key must be given once/);
  });

  test.each([2, 20])('of %d MB is a 413, told even to a slow sender', async (megabytes) => {
    const body = Buffer.alloc(megabytes * 1024 * 1024, ' ');
    expectProblem(
      await server.request('/api/commands/register-site', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      }),
      413,
    );
  });

  test('of 20 MB in chunks is a 413', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (sent++ < 20 ? controller.enqueue(chunk) : controller.close()),
    });
    const init = {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit;
    expectProblem(await server.request('/api/commands/register-site', init), 413);
  });

  test.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'image/png',
    'nonsense',
    'application/json; charset=utf-16',
    'text/csv',
  ])('as %s is a 415', async (type) => {
    expectProblem(await server.send('register-site', '{"site":"Redmond"}', { 'content-type': type }), 415);
  });

  test('with a Content-Encoding is a 415', async () => {
    expectProblem(await server.send('register-site', '{"site":"Redmond"}', { 'content-encoding': 'gzip' }), 415);
  });
});

describe('a path', () => {
  test.each([
    ['GET', '/nowhere', 404],
    ['GET', '/api/nowhere', 404],
    ['GET', '/api/', 404],
    ['GET', '//', 404],
    ['POST', '/api/commands/no-such-command', 404],
    ['POST', '/api/commands/__proto__', 404],
    ['POST', '/api/commands/constructor', 404],
    ['GET', '/api/commands/register-site', 405],
    ['DELETE', '/api/users', 405],
    ['OPTIONS', '/api/users', 405],
    ['PUT', '/api/commands/register-site', 405],
    ['GET', '/api/users/%zz', 400],
    ['GET', '/api/users/%ff', 400],
    ['GET', '/api/users/%00', 400],
    ['GET', `/api/users/${long}`, 400],
    ['GET', `/api/pools/${long}.contoso.com`, 400],
    ['GET', '/api/users/sip:nobody@contoso.com', 404],
    ['GET', '/api/events/abc', 400],
    ['GET', '/api/events/99999999999', 404],
    ['GET', '/api/gates/nonsense', 400],
    ['GET', '/docs/assets/../package.json', 404],
    ['GET', '/docs/assets/%2e%2e%2fpackage.json', 404],
    ['GET', '/problems/no-such', 404],
  ])('%s %.60s is a %d', async (method, path, status) => {
    expectProblem(await server.request(path, { method }), status);
  });
});

describe('a parameter', () => {
  test.each([
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1e2',
    'limit=',
    'limit=1&limit=2',
    'cursor=nonsense',
    'cursor=',
    'cursor=e30',
    `cursor=${'x'.repeat(5000)}`,
    'asOf=yesterday',
    'asOf=2013-05-03',
    'asOf=2013-05-03T12:00:00',
    'asOf=2999-01-01T00:00:00Z',
    'asOf=@',
    'asOf=@-1',
    'asOf=@99999999999',
    'asOf=@1&asOf=@1',
    'after=soon',
    'after=-1',
    'after=99999999999999999999',
    'ready=maybe',
    'generation=sfb-2015',
    'nonsense=1',
    '__proto__=1',
    'constructor=1',
    'q=%zz',
    'q=%ff',
    '=',
  ])('?%.40s of a list is a 400 that names it', async (query) => {
    const answer = await server.get(`/api/users?${query}`);
    expectProblem(answer, 400);
    expect(badFields(answer).length).toBeGreaterThan(0);
  });

  test('`after` that the view does not reach in time is a 503 with Retry-After', async () => {
    const answer = await server.get('/api/sites?after=999999999');
    expectProblem(answer, 503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  test('of a room list that lacks its deployment is a 400', async () => {
    const answer = await server.get('/api/rooms');
    expectProblem(answer, 400);
    expect(badFields(answer)).toEqual(['deployment']);
  });
});

/** Sends bytes as they are; answers what came back until the server ended the connection. */
function raw(bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setTimeout(5000, () => socket.destroy());
    socket
      .on('data', (chunk) => (text += chunk.toString('utf8')))
      .on('error', fail)
      .on('close', () => done(text));
  });
}

describe('bytes', () => {
  test.each([
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['HTTP/9', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n', 400],
    ['no Host', 'GET /api/users HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two lengths', 'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400],
    [
      'a length and chunks',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'a bad chunk',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    [
      'a strange expectation',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n',
      417,
    ],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['an address of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('that are %s get a problem document', async (_, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as object;
    expect(body).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//), detail: expect.any(String) });
  });

  test('beyond ASCII in the address: what would be right is told', async () => {
    const answer = await raw(Buffer.from('GET /api/users?q=фёдоров HTTP/1.1\r\nHost: x\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]+must be percent-encoded/);
  });

  test('that are random never bring the server down', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const bytes = Buffer.from(Array.from({ length: 200 }, (_, index) => (seed * 7919 + index * index * 31) % 256));
      await raw(Buffer.concat([bytes, Buffer.from('\r\n\r\n')]));
    }
    expect((await server.get('/health/live')).status).toBe(200);
  });
});
