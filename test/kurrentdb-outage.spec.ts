import { setTimeout as sleep } from 'node:timers/promises';
import { ScriptedServer } from '../libs/event-log-kurrentdb/test/scripted-server.js';
import { type Answer, TestServer } from './server.js';

let kurrent: ScriptedServer;
let server: TestServer;
beforeAll(async () => {
  kurrent = await ScriptedServer.start();
  server = await TestServer.start({ env: { HOMEWARD_EVENT_LOG: kurrent.connectionString } });
  await server.ready();
  expect((await server.send('register-site', { site: 'Before' })).body.outcome).toBe('done');
}, 60_000);
afterAll(async () => {
  await server?.dispose();
  kurrent.stop();
});

const waitSecondsMax = 60;

async function until(ask: () => Promise<Answer>, wanted: number): Promise<Answer> {
  for (const since = Date.now(); Date.now() - since < waitSecondsMax * 1000; await sleep(50)) {
    const answer = await ask();
    if (answer.status === wanted) return answer;
  }
  throw new Error(`it was never answered ${wanted}`);
}

const health = (kind: 'ready' | 'live'): Promise<Answer> => server.get(`/health/${kind}`, null);

const outages: Readonly<Record<string, { readonly begin: () => void; readonly end: () => Promise<void> | void }>> = {
  'is gone': { begin: () => kurrent.stop(), end: () => kurrent.listen() },
  'takes calls and answers none': {
    begin: () => void (kurrent.isSilent = true),
    end: () => void (kurrent.isSilent = false),
  },
};

describe.each(Object.entries(outages))('while KurrentDB %s', (how, { begin, end }) => {
  it('the server says that it is not ready, and lives', async () => {
    begin();
    expect((await until(() => health('ready'), 503)).body.log.state).toBe('unavailable');
    expect((await health('live')).status).toBe(200);
  }, 90_000);

  it('whatever needs the log is answered 503, with the time after which to ask again', async () => {
    const answers = await Promise.all([
      server.send('register-site', { site: `Meanwhile, it ${how}` }),
      server.send('register-site', { site: `Meanwhile too, it ${how}` }, { 'idempotency-key': how }),
      server.get('/api/sites'),
      server.get('/api/events?limit=1'),
    ]);
    for (const { status, headers, body } of answers) {
      expect({ status, body }).toMatchObject({
        status: 503,
        body: { status: 503, title: expect.any(String) as string },
      });
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  }, 90_000);

  it('and when it is back, so is everything, without a restart', async () => {
    await end();
    await until(() => health('ready'), 200);
    const { body } = await server.send('register-site', { site: `After it ${how}` });
    expect(body.outcome).toBe('done');
    const sites = await until(() => server.get(`/api/sites?after=${body.position}`), 200);
    const names = (sites.body.items as { site: string }[]).map(({ site }) => site);
    expect(names).toEqual(expect.arrayContaining(['Before', `After it ${how}`]));
    const again = await server.send('register-site', { site: `Meanwhile too, it ${how}` }, { 'idempotency-key': how });
    expect(['done', 'unchanged']).toContain(again.body.outcome);
  }, 90_000);
});
