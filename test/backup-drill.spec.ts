import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLog, openSqliteLogReader } from '#event-log-sqlite';
import { canonicalJson } from '#kernel';
import { version } from '#server/version';
import { type Answer, TestServer } from './server.js';

const main = resolve('dist/apps/server/src/backup/main.js');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);

/** `npm run backup` or `npm run restore`, once it is set up. */
async function run(task: string, args: readonly string[], dataDir: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [main, task, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOMEWARD_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  // What is told along the way begins with the task.
  const lines = said.err.split('\n').filter((line) => line !== '' && !line.startsWith(`${task}: `));
  return { code, out: said.out, lines };
}

/** The stored text of every event, by position. */
async function textsOf(dataDir: string): Promise<ReadonlyMap<string, string>> {
  const reader = await openSqliteLogReader({ file: join(dataDir, 'events.db') });
  const texts = new Map<string, string>();
  for await (const page of reader.readAll(-1n)) for (const { position, text } of page) texts.set(`${position}`, text);
  await reader.close();
  return texts;
}

describe('the drill: load, backup under load, kill, restore, compare', () => {
  const servers: TestServer[] = [];
  const start = async (dataDir: string): Promise<TestServer> => {
    const server = await TestServer.start({ dataDir });
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.dispose();
  });

  it('restores every event that was acknowledged before the backup, byte for byte, with the same views', async () => {
    const [lost, backup, restored] = ['lost', 'backup', 'restored'].map(inFolder) as [string, string, string];
    mkdirSync(lost);
    const server = await start(lost);
    await server.send('register-site', { site: 'Казань' });
    for (const pool of ['fe13a.contoso.com', 'fe13b.contoso.com'])
      await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Казань' });
    const load = new Load(server);
    await load.reaches(200);
    const rows = Array.from({ length: 3000 }, (_, n) => `sip:imported${n}@contoso.com,Imported ${n},fe13a.contoso.com`);
    const imported = await server.request('/api/imports/users', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: ['SipAddress,DisplayName,RegistrarPool', ...rows].join('\r\n'),
    });
    expect(imported.status).toBe(202);

    const acknowledged = [...load.acknowledged];
    const taken = await run('backup', [backup], lost);
    expect({ code: taken.code, lines: taken.lines }).toEqual({ code: 0, lines: [] });
    const during = load.acknowledged.length - acknowledged.length;
    await server.kill();
    await load.ended;

    const { code, lines } = await run('restore', [backup], restored);
    expect({ code, lines }).toEqual({ code: 0, lines: [] });
    const [before, after] = [await textsOf(lost), await textsOf(restored)];
    expect(acknowledged.length).toBeGreaterThan(200);
    // The writer was not held up by it.
    expect(during).toBeGreaterThan(0);
    for (const { position, id } of acknowledged) expect(after.get(position)).toContain(id);
    for (const [position, text] of after) expect(text).toBe(before.get(position));
    expect(after.size).toBeLessThan(before.size);

    const moment = `@${[...after.keys()].at(-1)}`;
    const [original, copy] = [await start(lost), await start(restored)];
    await original.ready();
    await copy.ready();
    for (const path of [
      '/api/sites?',
      '/api/pools?',
      '/api/users?limit=500&',
      '/api/users?pool=fe13b.contoso.com&limit=500&',
      '/api/policies?',
      '/api/timeline?limit=200&rows=true&',
      '/api/diff?from=@0&limit=500&',
    ]) {
      const [one, other] = [await original.get(`${path}asOf=${moment}`), await copy.get(`${path}asOf=${moment}`)];
      expect({ path, status: other.status, text: other.text }).toEqual({ path, status: 200, text: one.text });
    }
    // The import goes on to its end where it stood in the backup.
    const location = imported.headers.get('location') ?? '';
    expect((await finished(copy, location)).body).toMatchObject({ state: 'done', counts: { done: 3000 } });
    expect((await copy.get('/api/users?q=imported&limit=1')).body.total).toBe(3000);
  }, 120_000);

  it('is refused where a server runs, and where a log is', async () => {
    const [data, backup] = [inFolder('data'), inFolder('backup')];
    mkdirSync(data);
    const server = await start(data);
    expect(await run('backup', [backup], data)).toMatchObject({ code: 0 });
    expect(await run('restore', [backup], data)).toMatchObject({
      code: 2,
      lines: [expect.stringMatching(/in use by process \d+; stop that process/)],
    });
    await server.stop();
    expect(await run('restore', [backup], data)).toMatchObject({
      code: 2,
      lines: [expect.stringMatching(/holds an event log already \(events.db\)/)],
    });
  }, 60_000);
});

/** Homes users as fast as a few clients can, and remembers what was acknowledged. */
class Load {
  readonly acknowledged: { readonly position: string; readonly id: string }[] = [];
  readonly ended: Promise<unknown>;

  constructor(server: TestServer) {
    this.ended = Promise.all(Array.from({ length: 8 }, (_, client) => this.send(server, client)));
  }

  async reaches(count: number): Promise<void> {
    for (let waited = 0; this.acknowledged.length < count; waited++) {
      if (waited > 3000) throw new Error(`only ${this.acknowledged.length} acknowledged`);
      await sleep(10);
    }
  }

  /** Until the server is gone. */
  private async send(server: TestServer, client: number): Promise<void> {
    for (let n = 0; ; n++) {
      const user = `sip:user${client}.${n}@contoso.com`;
      const answer = await server.send('enrol-user', { user, pool: 'fe13b.contoso.com' }).catch(() => undefined);
      if (!answer) return;
      for (const { position, id } of answer.body.events) this.acknowledged.push({ position, id });
    }
  }
}

async function finished(server: TestServer, location: string): Promise<Answer> {
  for (let waited = 0; waited < 600; waited++) {
    const answer = await server.get(location);
    if (answer.body?.state === 'done') return answer;
    await sleep(50);
  }
  throw new Error(`${location} does not end`);
}

describe('a backup', () => {
  let data: string;
  let backup: string;
  beforeEach(async () => {
    [data, backup] = [inFolder('data'), inFolder('backup')];
    mkdirSync(join(data, 'files'), { recursive: true });
    const log = await openSqliteLog({ file: join(data, 'events.db') });
    const record = {
      stream: 'site-a',
      id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
      type: 'SiteRegistered',
      schemaVersion: 1,
    };
    await log.append([{ ...record, data: '{"site":"A"}', meta: '{}' }], [{ stream: 'site-a', expect: 'no-stream' }]);
    await log.close();
    writeFileSync(join(data, 'files', 'a.csv'), 'SipAddress\r\n');
    writeFileSync(join(data, 'files', 'b.csv.part'), 'Sip');
  });
  const take = () => run('backup', [backup], data);
  const restored = () => run('restore', [backup], inFolder('restored'));

  it('is for its owner alone, and its manifest tells what it holds', async () => {
    expect(await take()).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 events, up to position 1'),
      lines: [],
    });
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      format: 1,
      version,
      source: data,
      log: { file: 'events.db', bytes: statSync(join(backup, 'events.db')).size, lastPosition: '1', events: 1 },
      files: [{ name: 'a.csv', bytes: 12, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    for (const name of ['events.db', 'manifest.json', 'files/a.csv'])
      expect({ name, mode: statSync(join(backup, name)).mode & 0o777 }).toEqual({ name, mode: 0o600 });
    expect(readdirSync(folder).toSorted()).toEqual(['backup', 'data']);
  });

  it('takes an empty folder, and no other', async () => {
    mkdirSync(backup);
    expect(await take()).toMatchObject({ code: 0 });
    expect(await take()).toMatchObject({ code: 2, lines: [expect.stringMatching(/is not empty; name a folder/)] });
  });

  it('needs a log, a folder, and the embedded engine', async () => {
    expect(await run('backup', [backup], inFolder('nothing'))).toMatchObject({
      code: 2,
      lines: [expect.stringMatching(/no event log in .+; set HOMEWARD_DATA_DIR/)],
    });
    expect(await run('backup', [], data)).toMatchObject({
      code: 2,
      lines: [expect.stringMatching(/^name one folder/)],
    });
    expect(await run('backup', [backup], data, { HOMEWARD_EVENT_LOG: 'kurrentdb://localhost:2113' })).toMatchObject({
      code: 2,
      lines: [expect.stringMatching(/KurrentDB cluster: back it up .+ by its own means/)],
    });
    // Neither the backup nor the data folder that was not there.
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it.each(['/proc/homeward', '/proc/homeward/tonight'])('tells where it cannot be put: %s', async (place) => {
    expect(await run('backup', [place], data)).toMatchObject({
      code: 2,
      lines: [`${place} can't be made (ENOENT); name a folder where this user may write`],
    });
  });

  it('tells of a place below a file', async () => {
    const place = join(data, 'events.db', 'tonight');
    const { code, lines } = await run('backup', [place], data);
    expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringContaining('tonight ')] });
    expect(lines[0]).toMatch(/ENOTDIR/);
  });

  it('of a log that was left by a killed process holds what was committed', async () => {
    const killed = inFolder('killed');
    const log = await openSqliteLog({ file: join(data, 'events.db') });
    const record = {
      stream: 'site-b',
      id: '6f9619ff-8b86-4011-b42d-00c04fc964fe',
      type: 'SiteRegistered',
      schemaVersion: 1,
    };
    await log.append([{ ...record, data: '{"site":"B"}', meta: '{}' }], [{ stream: 'site-b', expect: 'no-stream' }]);
    // As a kill leaves it: the last events only in the write-ahead log.
    cpSync(data, killed, { recursive: true });
    await log.close();
    expect(statSync(join(killed, 'events.db-wal')).size).toBeGreaterThan(0);
    expect(await run('backup', [backup], killed)).toMatchObject({ code: 0, out: expect.stringContaining('2 events') });
    expect(await restored()).toMatchObject({ code: 0 });
    expect((await textsOf(inFolder('restored'))).size).toBe(2);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a manifest that was changed',
      () => replaceIn('manifest.json', '"events": 1', '"events": 2'),
      /manifest.json is not as it was written/,
    ],
    [
      'a manifest that is no JSON',
      () => writeFileSync(join(backup, 'manifest.json'), '{'),
      /manifest.json is not as it was written/,
    ],
    ['no manifest', () => rmSync(join(backup, 'manifest.json')), /is no backup/],
    ['a log with another byte', () => replaceIn('events.db', '"site":"A"', '"site":"B"'), /its SHA-256 differs/],
    [
      'a log cut short',
      () => truncateSync(join(backup, 'events.db'), 4096),
      /has 4096 bytes and not the \d+ of its manifest/,
    ],
    ['a log grown longer', () => appendFileSync(join(backup, 'events.db'), 'x'), /bytes and not the/],
    ['no log', () => rmSync(join(backup, 'events.db')), /can't be read \(ENOENT\)/],
    ['a file with another byte', () => replaceIn('files/a.csv', 'Sip', 'sip'), /a.csv is not as it was backed up/],
    ['a file too many', () => writeFileSync(join(backup, 'files', 'c.csv'), ''), /c.csv is not in the manifest/],
  ])('with %s is refused, and nothing is restored', async (_, spoil, message) => {
    await take();
    spoil();
    const { code, lines } = await restored();
    expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringMatching(message)] });
    const left = existsSync(inFolder('restored')) ? readdirSync(inFolder('restored')) : [];
    expect(left.filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  it.each<[string, (manifest: Record<string, any>) => void]>([
    ['no log', (manifest) => delete manifest['log']],
    ['another log', ({ log }) => (log.file = '../data/events.db')],
    ['a log without a size', ({ log }) => delete log.bytes],
    ['no files', (manifest) => delete manifest['files']],
    ['a file that is none', ({ files }) => (files[0] = null)],
    ['a file elsewhere', ({ files }) => (files[0].name = '../../data/files/a.csv')],
  ])('whose manifest was sealed anew with %s is refused', async (_, change) => {
    await take();
    const path = join(backup, 'manifest.json');
    const { sha256: _seal, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
    change(manifest);
    const sha256 = createHash('sha256').update(canonicalJson(manifest)).digest('hex');
    writeFileSync(path, JSON.stringify({ ...manifest, sha256 }));
    const { code, lines } = await restored();
    expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringMatching(/does not name a log and files as a/)] });
    expect(existsSync(inFolder('restored'))).toBe(false);
  });

  function replaceIn(name: string, from: string, to: string): void {
    const path = join(backup, name);
    const before = readFileSync(path, 'latin1');
    expect(before).toContain(from);
    writeFileSync(path, before.replace(from, to), 'latin1');
  }
});
