import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expectProblem } from './problem-matchers.js';
import { TestServer } from './server.js';

const users = 3000;
let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  await server.send('register-site', { site: 'Redmond' });
  for (const [pool, generation] of [
    ['pool10.contoso.com', 'lync-2010'],
    ['pool13.contoso.com', 'lync-2013'],
  ])
    await server.send('register-pool', { pool, generation, site: 'Redmond' });
  const rows = Array.from({ length: users }, (_, n) => `sip:user${n}@contoso.com,User ${n},pool10.contoso.com\r\n`);
  const { headers } = await server.request('/api/imports/users', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: `SipAddress,DisplayName,RegistrarPool\r\n${rows.join('')}`,
  });
  await until(async () => (await server.get(headers.get('location') ?? '')).body.state === 'done');
}, 60_000);
afterAll(() => server.dispose());

async function until(right: () => boolean | Promise<boolean>, everyMs = 20): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += everyMs) {
    if (await right()) return;
    await sleep(everyMs);
  }
  throw new Error('it did not come');
}

const rebuild = (projection: string, query = '', token?: string) =>
  server.request(`/api/projections/${projection}/rebuild${query}`, { method: 'POST', ...(token && { token }) });
const cancel = (projection: string) => server.request(`/api/projections/${projection}/rebuild`, { method: 'DELETE' });
const retry = (projection: string, token?: string) =>
  server.request(`/api/projections/${projection}/retry`, { method: 'POST', ...(token && { token }) });
const projection = async (name: string) => {
  const { body } = await server.get('/api/projections');
  return body.items.find((each: { projection: string }) => each.projection === name);
};
const head = async (): Promise<string> => (await server.get('/health/ready')).body.position;

/** Waits for the end of what was asked for, and tells how it ended. */
async function ended(name: string) {
  let last;
  await until(async () => {
    last = (await server.get(`/api/projections/${name}/rebuild`)).body;
    const all = (last.items ?? [last]) as { state: string }[];
    return all.length > 0 && all.every(({ state }) => state !== 'running');
  });
  return last as any;
}

const fileOf = (name: string): string => {
  const files = readdirSync(server.dataDir).filter(
    (file) => file.startsWith(`views-${name}-v`) && file.endsWith('.db'),
  );
  expect(files).toHaveLength(1);
  return files[0] ?? '';
};
/** The file that is being filled beside the one that serves, and the events that it has; undefined where there is none, or no longer. */
function shadowOf(name: string): { file: string; events: number } | undefined {
  const files = readdirSync(server.dataDir).filter((file) => new RegExp(`^views-${name}-v.+\\.db$`).test(file));
  for (const file of files) {
    const db = openedIfThere(file);
    const isFilled = db?.prepare(`select 1 from sqlite_schema where name = 'rebuild'`).get() !== undefined;
    const row = db?.prepare('select events from checkpoint').get() as { events: number } | undefined;
    db?.close();
    if (isFilled) return { file, events: row?.events ?? 0 };
  }
  return undefined;
}

function openedIfThere(file: string): Database.Database | undefined {
  try {
    return new Database(join(server.dataDir, file), { fileMustExist: true });
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_CANTOPEN') return undefined;
    throw error;
  }
}

/** Changes the file that serves, behind the projection's back. */
function plant(name: string, sql: string): void {
  const db = new Database(join(server.dataDir, fileOf(name)));
  db.exec(sql);
  db.close();
}

describe('a rebuild of everything, while commands come in and views are read', () => {
  test('fails no request, never answers from before, and puts the new read models in place', async () => {
    const before = readdirSync(server.dataDir).filter((file) => /^views-.*\.db$/.test(file));
    const { status, headers, body } = await rebuild('all');
    expect(status).toBe(202);
    expect(headers.get('location')).toBe('/api/projections/all/rebuild');
    expect(body.items.map(({ state }: { state: string }) => state)).toEqual(before.map(() => 'running'));
    const over = { yet: false };
    const answers: Record<string, number> = {};
    const reading = [
      '/api/sites',
      '/api/users?limit=3',
      '/api/users/user7@contoso.com',
      '/api/timeline?limit=5',
      '/api/pools',
    ].map(async (path) => {
      for (let last = -1; !over.yet; answers[path] = (answers[path] ?? 0) + 1) {
        const { status, headers } = await server.get(path);
        expect([path, status]).toEqual([path, 200]);
        const position = Number(headers.get('log-position'));
        expect(position).toBeGreaterThanOrEqual(last);
        last = position;
      }
    });
    const writing = (async () => {
      for (let n = 0; !over.yet; n++) {
        const { status, body } = await server.send('home-user', {
          user: `user${n % 50}@contoso.com`,
          pool: n % 2 ? 'pool13.contoso.com' : 'pool10.contoso.com',
        });
        expect(status).toBe(200);
        const { body: user } = await server.get(`/api/users/user${n % 50}@contoso.com?after=${body.position ?? 0}`);
        expect(user.pool).toBe(n % 2 ? 'pool13.contoso.com' : 'pool10.contoso.com');
        expect((await server.get('/health/ready', null)).status).toBe(200);
      }
    })();
    const result = await ended('all');
    await sleep(200);
    over.yet = true;
    await Promise.all([...reading, writing]);
    for (const each of result.items)
      expect(each).toMatchObject({
        state: 'done',
        compare: false,
        verdict: null,
        failure: null,
        by: { name: expect.any(String) },
      });
    const after = readdirSync(server.dataDir).filter((file) => /^views-.*\.db$/.test(file));
    expect(after).toEqual(before.map((file) => file.replace(/\.db$/, '.1.db')));
    expect(Object.values(answers).every((count) => count > 3)).toBe(true);
    expect((await server.get('/api/users?limit=1')).body.total).toBe(users);
    expect(await projection('users')).toMatchObject({ state: 'live', progress: null, lagEvents: 0 });
  }, 60_000);

  test('tells how far it is, in the list and to whoever follows', async () => {
    const stop = new AbortController();
    const response = await fetch(`${server.url}/api/live`, {
      headers: { authorization: `Bearer ${TestServer.firstToken}` },
      signal: stop.signal,
    });
    const heard: { state: string; projection: string; progress: { done: number; total: number } | null }[] = [];
    const hearing = (async () => {
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, data] = /^event: projection\ndata: (.+)$/.exec(block) ?? [];
          if (data !== undefined) heard.push(JSON.parse(data));
        }
        if (heard.some(({ state, projection }) => projection === 'timeline' && state === 'live')) return;
      }
    })();
    let seen;
    // The machine may be fast: once more where it was over before anybody looked.
    for (let tries = 0; tries < 20 && !seen?.progress; tries++) {
      await rebuild('timeline');
      seen = await projection('timeline');
      await ended('timeline');
    }
    expect(seen).toMatchObject({
      state: 'rebuilding',
      progress: {
        purpose: 'swap',
        done: expect.any(Number),
        total: expect.any(Number),
        ratePerSecond: expect.any(Number),
      },
    });
    expect(seen.progress.done).toBeLessThanOrEqual(seen.progress.total);
    await hearing;
    stop.abort();
    expect(heard.at(-1)).toMatchObject({ projection: 'timeline', state: 'live', progress: null });
  }, 60_000);
});

test('goes on after kill -9 where it was, and serves meanwhile', async () => {
  let startedAt = '';
  let killed: { file: string; events: number } | undefined;
  // The machine may be fast: once more where the new read model was in its place already.
  for (let tries = 0; tries < 20 && !killed; tries++) {
    const { status, body } = await rebuild('users');
    expect(status).toBe(202);
    ({ startedAt } = body);
    await until(() => (shadowOf('users')?.events ?? 1) > 0, 1);
    await server.kill();
    killed = shadowOf('users');
    server = await TestServer.start({ dataDir: server.dataDir });
    await server.ready();
  }
  expect(killed?.events).toBeGreaterThan(0);
  expect((await server.get('/api/users?limit=1')).body.total).toBe(users);
  expect(await ended('users')).toMatchObject({
    projection: 'users',
    compare: false,
    state: 'done',
    startedAt,
    by: { name: expect.any(String) },
  });
  // The very file that was half filled: one begun anew would have the next number.
  expect(fileOf('users')).toBe(killed?.file);
  expect((await server.get('/api/users?limit=1')).body.total).toBe(users);
}, 60_000);

test('a comparison finds a planted wrong row and names table and row; a rebuild mends it', async () => {
  expect((await rebuild('all', '?compare=true')).status).toBe(202);
  for (const { verdict, projection } of (await ended('all')).items)
    expect({ projection, verdict }).toMatchObject({ verdict: { same: true } });
  plant('topology', `update pool set site = 'Atlantis' where pool = 'pool13.contoso.com'`);
  expect((await server.get('/api/pools/pool13.contoso.com')).body.site).toBe('Atlantis');
  expect((await rebuild('topology', '?compare=true')).body).toMatchObject({ compare: true });
  const { state, verdict } = await ended('topology');
  expect(state).toBe('done');
  expect(verdict).toMatchObject({ same: false, position: expect.stringMatching(/^\d+$/) });
  expect(verdict.tables.filter(({ same }: { same: boolean }) => !same)).toMatchObject([
    {
      table: 'pool',
      rows: { old: 2, new: 2 },
      differing: 1,
      digest: { old: expect.stringMatching(/^[0-9a-f]{64}$/), new: expect.stringMatching(/^[0-9a-f]{64}$/) },
      first: [{ key: { pool: 'pool13.contoso.com' }, old: { site: 'Atlantis' }, new: { site: 'Redmond' } }],
    },
  ]);
  await rebuild('topology');
  expect(await ended('topology')).toMatchObject({ state: 'done' });
  expect((await server.get('/api/pools/pool13.contoso.com')).body.site).toBe('Redmond');
}, 60_000);

test('one rebuild of a projection at a time; it can be cancelled', async () => {
  expectProblem(await cancel('timeline'), 409);
  let cancelled;
  // The machine may be fast: once more where it was over before.
  for (let tries = 0; tries < 20 && cancelled?.status !== 200; tries++) {
    const [first, second] = await Promise.all([rebuild('timeline'), rebuild('timeline')]);
    expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([202, 409]);
    const refused = first.status === 409 ? first : second;
    expect(refused.body.detail).toMatch(/timeline is being rebuilt already, for .+ since 20.+Z; wait for its end, or/);
    cancelled = await cancel('all');
    await ended('timeline');
  }
  expect(cancelled?.body.items).toContainEqual(expect.objectContaining({ projection: 'timeline', state: 'cancelled' }));
  fileOf('timeline');
  expect(await projection('timeline')).toMatchObject({ state: 'live', progress: null });
}, 60_000);

test('a projection that cannot go on stops alone and says so; a retry is one request', async () => {
  expectProblem(await retry('topology'), 409);
  const good = await head();
  plant('topology', `create trigger poison before insert on site begin select raise(abort, 'indigestible'); end`);
  const { body } = await server.send('register-site', { site: 'Oslo' });
  await until(async () => (await projection('topology')).state === 'failed');
  const failed = {
    state: 'failed',
    position: good,
    failure: { position: body.position, type: 'SiteRegistered', error: expect.stringContaining('indigestible') },
  };
  expect(await projection('topology')).toMatchObject(failed);

  const ready = await server.get('/health/ready', null);
  expect(ready.status).toBe(503);
  expect(ready.body).toMatchObject({ status: 'failed' });
  expect(ready.body.projections.filter(({ state }: { state: string }) => state !== 'live')).toEqual([
    expect.objectContaining({ projection: 'topology', position: good, failedAt: body.position }),
  ]);
  expect(ready.text).not.toContain('indigestible');
  expect((await server.get('/metrics', null)).text).toMatch(/homeward_projection_failed\{projection="topology"\} 1/);

  const sites = await server.get('/api/sites');
  expect(sites.headers.get('log-position')).toBe(good);
  expect(sites.body.items).toHaveLength(1);
  const timeline = await server.get(`/api/timeline?after=${body.position}&limit=1`);
  expect(timeline.headers.get('log-position')).toBe(body.position);
  expectProblem(await server.get(`/api/sites?after=${body.position}`), 503);

  // Never skipped: it stops at the same event again.
  expect((await retry('topology')).status).toBe(202);
  await until(async () => (await projection('topology')).state === 'failed');
  expect(await projection('topology')).toMatchObject(failed);

  plant('topology', 'drop trigger poison');
  expect((await retry('all')).status).toBe(202);
  await until(async () => (await projection('topology')).state === 'live');
  expect((await server.get(`/api/sites?after=${body.position}`)).body.items).toHaveLength(2);
  expect((await server.get('/health/ready', null)).status).toBe(200);
}, 60_000);

test('events are told and counted though the timeline has stopped, as of a moment too', async () => {
  plant('timeline', `create trigger poison before insert on checkpoint begin select raise(abort, 'indigestible'); end`);
  const { body } = await server.send('register-site', { site: 'Bonn' });
  await until(async () => (await projection('timeline')).state === 'failed');
  const asOf = encodeURIComponent(new Date().toISOString());
  for (const query of ['', `&asOf=${asOf}`, `&asOf=@${body.position}`]) {
    const { status, headers, body: page } = await server.get(`/api/events?limit=2${query}`);
    expect({ query, status, position: headers.get('log-position') }).toEqual({
      query,
      status: 200,
      position: body.position,
    });
    // The embedded log leaves no position out.
    expect(page).toMatchObject({ total: Number(body.position), items: [{ position: '1' }, { position: '2' }] });
  }
  plant('timeline', 'drop trigger poison');
  expect((await retry('timeline')).status).toBe(202);
  await until(async () => (await projection('timeline')).state === 'live');
}, 60_000);

test('the list of projections comes in pages as every list does', async () => {
  const { items, next, total } = (await server.get('/api/projections')).body;
  expect({ next, total }).toEqual({ next: null, total: items.length });
  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < total; pages++) {
    const { body } = await server.get(`/api/projections?limit=3${cursor && `&cursor=${cursor}`}`);
    expect(body.total).toBe(total);
    expect(body.items.length).toBeLessThanOrEqual(3);
    seen.push(...body.items.map((each: { projection: string }) => each.projection));
    if (body.next === null) break;
    cursor = body.next;
  }
  expect(seen).toEqual(items.map((each: { projection: string }) => each.projection));
  expectProblem(await server.get('/api/projections?cursor=nonsense'), 400);
});

test('a self-check that was cut off goes on with the next start', async () => {
  await server.kill();
  const names = new Set(readdirSync(server.dataDir).map((file) => /^views-(\w+)-v\d/.exec(file)?.[1] ?? 'access'));
  const alike = [...names].filter((name) => name !== 'access');
  const startedAt = '2026-03-01T02:00:00.000Z';
  writeFileSync(
    join(server.dataDir, 'views-self-check.json'),
    JSON.stringify({ last: null, underWay: { startedAt, alike, differing: [], notCompared: [] } }),
  );
  server = await TestServer.start({ dataDir: server.dataDir, env: { HOMEWARD_SELF_CHECK: '03:00' } });
  await server.ready();
  const found = async () => (await server.get('/health/ready', null)).body.selfCheck;
  await until(async () => (await found()) !== null);
  expect(await found()).toMatchObject({ startedAt, same: true, differing: [], notCompared: [] });
  expect(server.output).toMatch(/the last self-check was cut off; it goes on/);
  // The others were compared before.
  expectProblem(await server.get('/api/projections/users/rebuild'), 404);
  expect((await server.get('/api/projections/access/rebuild')).body.verdict).toMatchObject({ same: true });
  await server.kill();
  server = await TestServer.start({ dataDir: server.dataDir });
  await server.ready();
  expect(await found()).toMatchObject({ startedAt, same: true });
}, 60_000);

test('all of it is for admins, about projections that there are', async () => {
  const { secret } = await server.issueToken(['operator', 'approver', 'auditor']);
  expectProblem(await rebuild('users', '', secret), 403);
  expectProblem(await retry('users', secret), 403);
  expectProblem(await server.get('/api/projections/users/rebuild', secret), 403);
  expectProblem(await rebuild('nothing'), 404);
  expectProblem(await retry('nothing'), 404);
  expectProblem(await cancel('nothing'), 404);
  expectProblem(await server.get('/api/projections/access/rebuilds'), 404);
  for (const query of ['?compare=yes', '?compare=true&compare=true', '?now=true'])
    expectProblem(await rebuild('users', query), 400);
  const body = JSON.stringify({ now: true });
  const headers = { 'content-type': 'application/json' };
  expectProblem(await server.request('/api/projections/users/rebuild', { method: 'POST', body, headers }), 400);
});
