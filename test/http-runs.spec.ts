import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem } from './problem-matchers.js';
import { type Answer, TestServer } from './server.js';

const rows = 15_000;
let files = 0;
/** One user a row, none of whom is in another file. */
const users = (): string => {
  const file = ++files;
  return ['user', ...Array.from({ length: rows }, (_, n) => `user${n}@file${file}.contoso.com`)].join('\n');
};

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
});
afterAll(async () => {
  expect(server.output).not.toMatch(/"level":"(error|fatal)"/);
  await server.dispose();
});

async function upload(body = users(), command = 'enrol-user'): Promise<string> {
  const headers = { 'content-type': 'text/csv' };
  const answer = await server.request(`/api/bulk/${command}`, { method: 'POST', body, headers });
  expect(answer.status).toBe(202);
  return answer.headers.get('location') ?? '';
}

const act = (location: string, action: string, body?: unknown, token?: string): Promise<Answer> =>
  server.request(`${location}/${action}`, {
    method: 'POST',
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(token !== undefined && { token }),
  });

async function ended(location: string): Promise<Answer['body']> {
  for (let waited = 0; waited < 600; waited++) {
    const { body } = await server.get(location);
    if (body?.state === 'done' || body?.state === 'stopped') return body;
    await sleep(50);
  }
  throw new Error(`${location} does not end`);
}

test('a run that is paused stays so through kill -9, and goes on without repeating a row', async () => {
  const location = await upload();
  const paused = await act(location, 'pause', { reason: 'business hours', ticket: 'CHG-9' });
  expect([paused.status, paused.body]).toMatchObject([200, { state: 'paused', etaSeconds: null, stuck: null }]);
  const { processed } = paused.body as { processed: number };
  expect(processed).toBeLessThan(rows);
  const { dataDir } = server;
  await server.kill();
  server = await TestServer.start({ dataDir });
  await server.ready();
  expect((await server.get(location)).body).toMatchObject({ state: 'paused', processed });
  expect((await act(location, 'resume')).body).toMatchObject({ state: expect.stringMatching(/running|done/) });
  await server.kill();
  server = await TestServer.start({ dataDir });
  await server.ready();
  expect((await ended(location)).counts).toEqual({ done: rows, unchanged: 0, refused: 0, invalid: 0 });
  await server.caughtUp();
  const { items } = (await server.get('/api/timeline?command=PauseRun')).body;
  const run = location.split('/').at(-1);
  expect(items).toMatchObject([
    { command: 'PauseRun', reason: 'business hours', ticket: 'CHG-9', subjects: [`run:${run}`], run: null },
  ]);
  const top = (await server.get('/api/timeline')).body.items as { command: string; summary: string }[];
  expect(top.map(({ command }) => command)).toEqual(expect.arrayContaining(['BulkEnrolUser', 'PauseRun', 'ResumeRun']));
  expect(top.find(({ command }) => command === 'BulkEnrolUser')?.summary).toMatch(/^applied 15000 rows of enrol-user/);
});

test('a run is stopped once, and a retry takes up what was skipped and what failed', async () => {
  await server.send('register-site', { site: 'Redmond' });
  const location = await upload(`${users()}\nno address`);
  const stopped = await act(location, 'stop');
  expect([stopped.status, stopped.body.state]).toEqual([200, 'stopped']);
  expectProblem(await act(location, 'stop'), 409);
  expectProblem(await act(location, 'resume'), 409);
  expectProblem(await act(location, 'pause'), 409);
  const retried = await act(location, 'retry');
  expect(retried.status).toBe(200);
  expect(retried.body.finishedAt === null || retried.body.state === 'done').toBe(true);
  const { counts } = await ended(location);
  expect(counts).toEqual({ done: rows, unchanged: 0, refused: 0, invalid: 1 });
  expect((await server.get(`${location}/rows?outcome=invalid`)).body).toMatchObject({
    items: [{ line: rows + 2, column: 'user', value: 'no address' }],
    total: 1,
  });
  expect((await server.get(`${location}/rows?limit=1`)).body.total).toBe(rows + 1);
});

test('what does not fit is a problem document', async () => {
  const location = await upload('user\na@c.com\n');
  await ended(location);
  for (const action of ['pause', 'resume', 'stop', 'retry']) {
    const answer = await act(location, action);
    expectProblem(answer, 409);
    expectProblem(await act('/api/runs/00000000-0000-0000-0000-000000000000', action), 404);
    expectProblem(await act('/api/runs/nonsense', action), 404);
    expectProblem(await act('/api/runs/%00', action), 404);
    expectProblem(await act(location, action, { reason: 'x', colour: 'red' }), 400);
    expectProblem(await act(location, action, []), 400);
    expectProblem(await act(location, `${action}?plan=true`), 400);
    expectProblem(await server.request(`${location}/${action}`), 405);
  }
  expectProblem(await act(location, 'burn'), 404);
});

test('operators hold any run up; only who may send a file may retry it, and what was tried is audited', async () => {
  await server.send('register-site', { site: 'Redmond' });
  const location = await upload('subject,gate,reason\npool:x.contoso.com,sealed,because\n', 'waive-gate');
  expect((await ended(location)).counts).toMatchObject({ refused: 1 });
  const { secret: operator } = await server.issueToken(['operator']);
  const { secret: auditor } = await server.issueToken(['auditor']);
  expectProblem(await act(location, 'retry', {}, operator), 403);
  expectProblem(await act(location, 'stop', {}, operator), 409);
  for (const action of ['stop', 'pause', 'resume']) expectProblem(await act(location, action, {}, auditor), 403);
  await server.caughtUp();
  const run = location.replace('/api/runs/', 'run:');
  const { items } = (await server.get(`/api/timeline?outcome=denied&subject=${run}`)).body as {
    items: { command: string; subjects: string[] }[];
  };
  expect(items.map(({ command, subjects }) => [command, subjects])).toEqual(
    ['ResumeRun', 'PauseRun', 'StopRun', 'RetryRun'].map((command) => [command, [run]]),
  );
});

test('a run is paused once its token is revoked, and goes on as whoever may send its rows and resumes it', async () => {
  await server.send('register-site', { site: 'Redmond' });
  const { token, secret } = await server.issueToken(['approver']);
  const { secret: operator } = await server.issueToken(['operator']);
  const lines = Array.from({ length: rows }, (_, n) => `pool:p${n}.contoso.com,sealed,because`);
  const answer = await server.request('/api/bulk/waive-gate', {
    method: 'POST',
    body: ['subject,gate,reason', ...lines].join('\n'),
    headers: { 'content-type': 'text/csv' },
    token: secret,
  });
  const location = answer.headers.get('location') ?? '';
  expect((await act(location, 'pause')).status).toBe(200);
  await server.send('revoke-token', { token });
  expectProblem(await act(location, 'resume', {}, operator), 403);
  await server.kill();
  server = await TestServer.start({ dataDir: server.dataDir });
  await server.ready();
  const resumed = await act(location, 'resume', { ticket: 'CHG-10' });
  expect([resumed.status, resumed.body.stuck]).toEqual([200, null]);
  expect((await ended(location)).counts).toMatchObject({ refused: rows });
  await server.caughtUp();
  const { items } = (await server.get(`/api/timeline?command=WaiveGate&ticket=CHG-10&limit=1`)).body as {
    items: { actor: { id: string } }[];
  };
  expect(items[0]?.actor.id).not.toBe(token);
});

test('commands and other runs go on while one runs', async () => {
  const [one, other] = [await upload(), await upload()];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => server.send('register-site', { site: `Site ${n}` })),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  for (const location of [one, other]) expect((await ended(location)).counts.done).toBe(rows);
});
