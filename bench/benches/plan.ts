import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { imported } from '../fixtures/imported.js';
import { copied } from '../fixtures/kept-folder.js';
import { memoryPeak } from '../memory.js';
import { type Server, startServer } from '../server.js';
import { caughtUp, until } from '../waiting.js';

const users = 150_000;
const pool = 'pool13b.contoso.com';

export const plan: Bench = {
  name: 'plan',
  what: `a plan of HomeUser for ${users} users through HTTP, then applying it until its run is done, one event a user`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      await copied(await imported(users), folder);
      await using server = await startServer(folder);
      await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Redmond' });
      const beganPlanning = performance.now();
      const { plan: id, hash, counts } = await made(server);
      const planningSeconds = (performance.now() - beganPlanning) / 1000;
      if (counts.done !== users) throw new Error(`of ${users} rows ${JSON.stringify(counts)} are planned`);
      const memory = await memoryPeak(server, 400);
      await caughtUp(server);
      const beganApplying = performance.now();
      await applied(server, id, hash);
      const applyingSeconds = (performance.now() - beganApplying) / 1000;
      return [
        {
          what: 'making the plan',
          unit: 's',
          limitName: 'the bar',
          figure: planningSeconds,
          limit: 10,
          ratio: planningSeconds / 10,
          bar: 1,
          higherIsBetter: false,
        },
        memory,
        {
          what: `applying it in ${applyingSeconds.toFixed(1)} s`,
          unit: 'events/s',
          limitName: 'the bar',
          figure: users / applyingSeconds,
          limit: 15_000,
          ratio: users / applyingSeconds / 15_000,
          bar: 1,
          higherIsBetter: true,
        },
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

interface Made {
  readonly plan: string;
  readonly hash: string;
  readonly counts: { readonly done: number };
}

async function made(server: Server): Promise<Made> {
  const response = await post(server, '/api/plans', { command: 'HomeUser', fields: { pool }, for: { users: {} } });
  if (response.status !== 201) throw new Error(`the plan was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Made;
}

async function applied(server: Server, plan: string, hash: string): Promise<void> {
  const response = await post(server, `/api/plans/${plan}/apply`, { hash });
  const location = response.headers.get('location');
  if (response.status !== 202 || location === null)
    throw new Error(`applying was answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
  const run = await until(async () => {
    const shown = (await (await server.fetch(location)).json()) as { state: string; counts: { done: number } };
    return shown.state === 'running' ? undefined : shown;
  });
  if (run.counts.done !== users) throw new Error(`of ${users} rows ${JSON.stringify(run)} were done`);
}

function post(server: Server, path: string, body: object): Promise<Response> {
  return server.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
