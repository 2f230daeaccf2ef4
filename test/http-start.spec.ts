import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestServer } from './server.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'homeward-start-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('the first start prints one token with every role, once, with the address; only its hash is kept', async () => {
  const server = await TestServer.start({ dataDir, env: { HOMEWARD_FIRST_TOKEN: '' } });
  const token = /^ {2}(hw_[\w-]{43})$/m.exec(server.output)?.[1] ?? '';
  expect(server.output).toContain(server.url);
  const who = await server.get('/api/session', token);
  expect(who.body).toMatchObject({ roles: ['operator', 'approver', 'auditor', 'admin'] });
  expect(await server.stop()).toBe(0);
  for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(token)).toBe(false);

  const again = await TestServer.start({ dataDir, env: { HOMEWARD_FIRST_TOKEN: '' } });
  expect(again.output).not.toContain(token);
  expect(again.output).not.toMatch(/hw_/);
  expect((await again.get('/api/session', token)).status).toBe(200);
  await again.stop();
});

test('a given first token is not printed, and its session key is for the owner alone', async () => {
  const server = await TestServer.start({ dataDir });
  expect(server.output).not.toContain(TestServer.firstToken);
  expect(statSync(join(dataDir, 'session.key')).mode & 0o777).toBe(0o600);
  await server.stop();
});

test('a second process on the same data folder is told so and ends with 2', async () => {
  const server = await TestServer.start({ dataDir });
  const { code, output } = await TestServer.run(dataDir);
  expect(code).toBe(2);
  expect(output.trim().split('\n')).toHaveLength(1);
  await server.stop();
});

test('a port in use is one line and exit code 2, and does not use up the first token', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const { port } = other.address() as { port: number };
  const env = { HOMEWARD_PORT: `${port}`, HOMEWARD_FIRST_TOKEN: '' };
  const { code, output } = await TestServer.run(dataDir, env);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/^HOMEWARD_PORT .+in use\n$/) });
  await new Promise((done) => other.close(done));
  const server = await TestServer.start({ dataDir, env: { HOMEWARD_FIRST_TOKEN: '' } });
  expect(server.output).toMatch(/hw_/);
  await server.stop();
});

test.each([
  ['HOMEWARD_PORT', '70000'],
  ['HOMEWARD_LOG_LEVEL', 'chatty'],
  ['HOMEWARD_FIRST_TOKEN', 'too-short'],
  ['HOMEWARD_EVENT_LOG', 'postgres'],
])('a wrong %s ends the start with one line that names it, and 2', async (name, value) => {
  const { code, output } = await TestServer.run(dataDir, { [name]: value });
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(new RegExp(`^${name} must [^\n]+\n$`)) });
});

test('a line of .env that says nothing ends the start with one line that names it, and 2', async () => {
  writeFileSync(join(dataDir, '.env'), '# mine\nHOMEWARD_LOG_LEVEL warn\n');
  const { code, output } = await TestServer.run(dataDir);
  expect({ code, output }).toEqual({
    code: 2,
    output: expect.stringMatching(/^\.env must have [^\n]+ line 2 is neither\n$/),
  });
});

test('a name that is no setting is told in the log, and the start goes on', async () => {
  writeFileSync(join(dataDir, '.env'), 'HOMEWARD_PROT=5000\n');
  const server = await TestServer.start({ dataDir });
  expect(server.output).toMatch(/"level":"warn".+HOMEWARD_PROT is no setting/);
  await server.stop();
});

test('a data folder that cannot be made ends the start at once with one line and 2', async () => {
  const env = { HOMEWARD_DATA_DIR: '/proc/homeward' };
  const { code, output } = await TestServer.run(dataDir, env);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/^HOMEWARD_DATA_DIR must [^\n]+\n$/) });
});

test('whatever is kept is for its owner alone', async () => {
  const env = { HOMEWARD_DATA_DIR: join(dataDir, 'made', 'here') };
  const server = await TestServer.start({ dataDir, env });
  const headers = { 'content-type': 'text/csv' };
  await server.request('/api/imports/users', { method: 'POST', body: 'SipAddress\na@contoso.com\n', headers });
  const others = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);
  expect(others).toEqual([]);
  expect(readdirSync(env.HOMEWARD_DATA_DIR)).toEqual(expect.arrayContaining(['events.db', 'files', 'session.key']));
  await server.stop();
});

test('a file that is no event log ends the start with one line and 2', async () => {
  writeFileSync(join(dataDir, 'events.db'), 'this is no database, '.repeat(500));
  const { code, output } = await TestServer.run(dataDir);
  expect({ code, lines: output.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
});

test('SIGTERM: what is under way is answered, streams end, exit code 0, and the answer is still there after a restart', async () => {
  const server = await TestServer.start({ dataDir });
  const live = await fetch(`${server.url}/api/live`, { headers: { authorization: `Bearer ${TestServer.firstToken}` } });
  const sends = Array.from({ length: 50 }, (_, index) =>
    server.send('register-site', { site: `Site ${index}` }).catch(() => undefined),
  );
  await sends[0];
  const stopping = Date.now();
  const code = await server.stop();
  expect(code).toBe(0);
  expect(Date.now() - stopping).toBeLessThan(10_000);
  await live.text();
  const done = (await Promise.all(sends)).flatMap((answer, index) => (answer?.status === 200 ? [`Site ${index}`] : []));
  expect(done.length).toBeGreaterThan(0);
  expect(existsSync(join(dataDir, 'events.db'))).toBe(true);

  const again = await TestServer.start({ dataDir });
  await again.ready();
  const { body } = await again.get('/api/sites?limit=500');
  expect(body.items.map(({ site }: { site: string }) => site)).toEqual(expect.arrayContaining(done));
  await again.stop();
});
