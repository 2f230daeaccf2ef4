import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { Connection, get, post } from '../connection.js';
import { imported } from '../fixtures/imported.js';
import { copied } from '../fixtures/kept-folder.js';
import { sipAddress } from '../fixtures/users-file.js';
import { inTurn, median } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';
import { deployment } from '../user-import.js';

const few = 150;
const many = 150_000;
const changesPerRound = 40;
const rounds = 5;
/** Without a grant, as all but every tenth. */
const user = sipAddress(1);

export const enablePolicy: Bench = {
  name: 'enable-policy',
  what: `EnablePolicy or DisablePolicy of global until the deployments and one user show it, ${many} users against ${few}`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      const open = async (users: number): Promise<Server> => {
        const own = join(folder, `${users}`);
        await copied(await imported(users), own);
        return await startServer(own);
      };
      await using fewServer = await open(few);
      await using manyServer = await open(many);
      return {
        unit: 'ms p50',
        limitName: `${few} users`,
        bar: 2,
        higherIsBetter: false,
        ...(await inTurn(
          rounds,
          () => changes(manyServer),
          () => changes(fewServer),
        )),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Median milliseconds from the command until both views show what it did. */
async function changes(server: Server): Promise<number> {
  const connection = await Connection.open(server.url);
  const ask = async <T>(request: string): Promise<T> => {
    const { status, body } = await connection.ask(request);
    if (status !== 200) throw new Error(`${request} was answered ${status}: ${body}`);
    return JSON.parse(body) as T;
  };
  const times: number[] = [];
  for (let n = 0; n < changesPerRound; n++) {
    const enabled = n % 2 === 0;
    const started = performance.now();
    const { position } = await ask<{ position: string }>(
      post(`/api/commands/${enabled ? 'enable' : 'disable'}-policy`, token, { policy: 'global' }),
    );
    const { users } = await ask<{ users: { homed: number; enabled: number } }>(
      get(`/api/deployments/${deployment}?after=${position}`, token),
    );
    const shown = await ask<{ effectivePolicy: { enabled: boolean } }>(
      get(`/api/users/${user}?after=${position}`, token),
    );
    times.push(performance.now() - started);
    if (shown.effectivePolicy.enabled !== enabled || (users.enabled === users.homed) !== enabled)
      throw new Error(`after position ${position} global is ${enabled}, and the views show something else`);
  }
  connection.close();
  return median(times);
}
