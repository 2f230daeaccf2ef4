import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RecordedEvent } from '#event-log';
import { openSqliteLogReader } from '#event-log-sqlite';
import { TestServer } from './server.js';

const main = resolve('dist/apps/server/src/migrate-log/main.js');
const address = process.env['HOMEWARD_TEST_KURRENTDB'] ?? '';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-migrate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);
const sqlite = (dataDir: string): string => `sqlite:${dataDir}`;

/** `npm run migrate-log`, once it is set up. */
async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  const lines = said.err.split('\n').filter((line) => line !== '' && !line.startsWith('migrate-log: '));
  return { code, out: said.out, lines };
}

const migrate = (from: string, to: string) => run('--from', from, '--to', to);

/** A data folder in which somebody has worked; again: some more. */
async function worked(dataDir: string, sites: readonly string[]): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const server = await TestServer.start({ dataDir });
  for (const site of sites) expect((await server.send('register-site', { site })).status).toBe(200);
  await server.send('seal-pool', { pool: 'nobody.contoso.com' });
  await server.stop();
}

async function eventsIn(dataDir: string): Promise<readonly RecordedEvent[]> {
  const reader = await openSqliteLogReader({ file: join(dataDir, 'events.db') });
  const events: RecordedEvent[] = [];
  for await (const page of reader.readAll(-1n)) events.push(...page);
  await reader.close();
  return events;
}

const textsIn = async (dataDir: string): Promise<readonly string[]> =>
  (await eventsIn(dataDir)).map(({ text }) => text);

describe('from one embedded log to another', () => {
  it('keeps every event as it is stored, in order, and the copy is worked on as before', async () => {
    const [one, two] = [inFolder('one'), inFolder('two')];
    await worked(one, ['Redmond', 'Казань']);
    const { code, out, lines } = await migrate(sqlite(one), sqlite(two));
    expect({ code, lines }).toEqual({ code: 0, lines: [] });
    expect(out).toMatch(/^migrated \d+ events; both logs have the SHA-256 [0-9a-f]{64}\n$/);
    expect(await eventsIn(two)).toEqual(await eventsIn(one));

    const server = await TestServer.start({ dataDir: two });
    expect((await server.send('register-site', { site: 'redmond' })).body.outcome).toBe('unchanged');
    expect((await server.send('register-site', { site: 'Paris' })).body.outcome).toBe('done');
    await server.stop();
  });

  it('goes on where the target stands, and does nothing where it has everything', async () => {
    const [one, two] = [inFolder('one'), inFolder('two')];
    await worked(one, ['Redmond']);
    await migrate(sqlite(one), sqlite(two));
    const before = (await eventsIn(two)).length;
    await worked(one, ['Paris']);
    expect(await migrate(sqlite(one), sqlite(two))).toMatchObject({
      code: 0,
      out: expect.stringContaining(`, ${before} of them were there already;`),
    });
    expect(await textsIn(two)).toEqual(await textsIn(one));
    const again = await migrate(sqlite(one), sqlite(two));
    expect(again).toMatchObject({ code: 0, lines: [] });
  });

  it('refuses a target that holds other events, or more than the source, and leaves it alone', async () => {
    const [one, two] = [inFolder('one'), inFolder('two')];
    await worked(one, ['Redmond']);
    await worked(two, ['Redmond']);
    const before = await textsIn(two);
    expect(await migrate(sqlite(one), sqlite(two))).toEqual({
      code: 2,
      out: '',
      lines: [expect.stringMatching(/^the target holds other events .+ name an empty log/)],
    });
    expect(await textsIn(two)).toEqual(before);
  });

  it('refuses a source that a server works on', async () => {
    const one = inFolder('one');
    mkdirSync(one);
    const server = await TestServer.start({ dataDir: one });
    const { code, lines } = await migrate(sqlite(one), sqlite(inFolder('two')));
    expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringContaining('is in use by process')] });
    await server.stop();
  });
});

test.each([
  [[], /^name both logs: /],
  [['--from', 'sqlite:nowhere'], /^name both logs: /],
  [['--from', 'postgres://x:secret@y', '--to', 'sqlite:there'], /^--from must be sqlite:<data folder>, or kurrentdb:/],
  [['--from', 'sqlite:nowhere', '--to', 'sqlite:there'], /^there is no event log in .+nowhere/],
  [['--from', 'sqlite:nowhere', '--to', 'sqlite:nowhere'], /^--from and --to name the same log/],
])('%j is one line that says what would be right, and 2', async (args, line) => {
  const { code, lines } = await run(...args);
  expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringMatching(line)] });
  expect(lines.join()).not.toContain('secret');
});

(address ? describe : describe.skip)('the log of HOMEWARD_TEST_KURRENTDB', () => {
  it('comes into a data folder, is worked on there, and goes back with what was added', async () => {
    const [home, copy] = [inFolder('home'), inFolder('copy')];
    const node = await TestServer.start({ env: { HOMEWARD_EVENT_LOG: address } });
    await node.send('register-site', { site: `Migrated ${Date.now()}` });
    await node.stop();
    await node.dispose();
    expect(await migrate(address, sqlite(home))).toMatchObject({ code: 0, lines: [] });
    const found = (await eventsIn(home)).length;
    await worked(home, [`At home ${Date.now()}`, `Дома ${Date.now()}`]);
    const back = await migrate(sqlite(home), address);
    expect(back).toMatchObject({ code: 0, lines: [], out: expect.stringContaining(`, ${found} of them were there`) });
    expect(await migrate(address, sqlite(copy))).toMatchObject({ code: 0, lines: [] });
    expect(await textsIn(copy)).toEqual(await textsIn(home));
  }, 600_000);
});
