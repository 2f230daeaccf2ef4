import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { badFields, expectProblem } from './problem-matchers.js';
import { type Answer, TestServer } from './server.js';

const [chat10, chat13] = ['chat10.contoso.com', 'chat13-tacoma.contoso.com'];

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  await server.send('register-site', { site: 'Redmond' });
  for (const [pool, generation, deployment] of [
    ['lync10.contoso.com', 'lync-2010', chat10],
    ['pool13.contoso.com', 'lync-2013', chat13],
  ] as const) {
    await server.send('register-pool', { pool, generation, site: 'Redmond' });
    await server.send('register-deployment', { deployment, generation, homedOn: pool });
  }
});
afterAll(async () => {
  expect(server.output).not.toMatch(/"level":"(error|fatal)"/);
  await server.dispose();
});

const upload = (query: string, body: string | Buffer, type = 'text/csv', token?: string): Promise<Answer> =>
  server.request(`/api/imports/content${query}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
    ...(token && { token }),
  });

async function finished(accepted: Answer): Promise<Answer['body']> {
  expect(accepted.status).toBe(202);
  for (let waited = 0; waited < 600; waited++) {
    const { body } = await server.get(accepted.headers.get('location') ?? '');
    if (body?.state === 'done') return body;
    await sleep(50);
  }
  throw new Error('the run is not done');
}

test('a legacy inventory becomes the content of its deployment', async () => {
  const file = await readFile(resolve('samples/content-chat10.csv'));
  const { kind, counts } = await finished(await upload(`?deployment=${chat10.toUpperCase()}`, file));
  expect([kind, counts]).toMatchObject(['content', { refused: 0, invalid: 0, unchanged: 0 }]);
  await server.ready();
  const { content } = (await server.get(`/api/deployments/${chat10}`)).body;
  expect(content).toEqual({ categories: 6, rooms: 12, addIns: 2, excludedRooms: 1 });
  const rooms = (await server.get(`/api/rooms?deployment=${chat10}&category=London`)).body.items as { addIn: string }[];
  expect(rooms.map(({ addIn }) => addIn)).toEqual(['Ticker', 'Ticker', 'Ticker']);
  expect((await finished(await upload(`?deployment=${chat10}`, file))).counts).toMatchObject({ done: 0, refused: 0 });
});

test('the example of the docs works', async () => {
  const { post } = (await server.get('/api/openapi.json')).body.paths['/api/imports/content'];
  const { name, example } = post.parameters[0] as { name: string; example: string };
  for (const [type, content] of Object.entries<{ example: string }>(post.requestBody.content)) {
    const { counts } = await finished(await upload(`?${name}=${example}`, content.example, type));
    expect(counts).toMatchObject({ refused: 0, invalid: 0 });
  }
});

test('what failed comes back and can be sent as it is', async () => {
  const file = `Name;Category;Type;Privacy;Disabled\r\nLost;${chat13}\\Missing;Normal;Open;False\r\nOdd;X;Hall;Open;False\r\n`;
  const { run, counts } = await finished(await upload(`?deployment=${chat13}`, file));
  expect(counts).toMatchObject({ refused: 1, invalid: 1 });
  const failed = await server.get(`/api/runs/${run as string}/failed.csv`);
  expect(failed.text.split('\r\n')).toHaveLength(4);
  await server.send('add-category', { deployment: chat13, category: 'Missing' });
  const again = await finished(await upload(`?deployment=${chat13}`, failed.text));
  expect(again.counts).toMatchObject({ done: 1, invalid: 1 });
});

const file = 'CategoryPath,Room\nA,B\n';

test.each([
  ['no deployment', '', ['deployment']],
  ['one that is no FQDN', '?deployment=chat', ['deployment']],
  ['two of them', `?deployment=${chat10}&deployment=${chat13}`, ['deployment']],
  ['another parameter', `?deployment=${chat10}&plan=true`, ['plan']],
  ['what cannot be decoded', '?deployment=%ff', expect.anything()],
])('%s in the address is a 400', async (_, query, fields) => {
  const answer = await upload(query, file);
  expectProblem(answer, 400);
  expect(badFields(answer)).toEqual(fields);
});

test('a deployment that is not there is a 404, a role that does not do a 403, another type a 415', async () => {
  expectProblem(await upload('?deployment=gone.contoso.com', file), 404);
  const { secret } = await server.issueToken(['approver']);
  expectProblem(await upload(`?deployment=${chat10}`, file, 'text/csv', secret), 403);
  expectProblem(await upload(`?deployment=${chat10}`, '{}', 'application/x-ndjson'), 415);
  expectProblem(await upload(`?deployment=${chat10}`, 'a,b\n1,2\n'), 400);
  expectProblem(await upload(`?deployment=${chat10}`, 'CategoryPath,Room,room\nA,B,C\n'), 400);
});

test('a key is answered with its run for the same file and deployment only', async () => {
  const send = (deployment: string): Promise<Answer> =>
    server.request(`/api/imports/content?deployment=${deployment}`, {
      method: 'POST',
      body: file,
      headers: { 'content-type': 'text/csv', 'idempotency-key': 'inventory' },
    });
  const [first, again, other] = [await send(chat10), await send(chat10), await send(chat13)];
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expectProblem(other, 409);
});
