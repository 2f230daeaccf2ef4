import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../bench.js';
import { load, post } from '../connection.js';
import { inTurn, median } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';
import { caughtUp, lags } from '../waiting.js';

const users = 4000;
const connections = 32;
const commandsPerRound = 24_000;
const rounds = 5;
const pools = ['pool01.contoso.com', 'pool02.contoso.com'] as const;

export const homeUser: Bench = {
  name: 'home-user',
  what: `HomeUser over HTTP, ${connections} connections, durable, against a validated command with an empty handler on the same server`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      await using real = await startServer(join(folder, 'real'));
      await using empty = await startServer(join(folder, 'empty'), {
        entry: new URL('../empty-handler-server.js', import.meta.url),
      });
      await enrolUsers(real);
      const lagSeconds: number[] = [];
      let laps = 0;
      const homed = async (): Promise<number> => {
        const lap = ++laps;
        const rate = await homeUsers(real, lap);
        lagSeconds.push(await timeToCatchUp(real));
        return rate;
      };
      const figures = await inTurn(rounds, homed, () => doNothing(empty));
      return [
        { unit: 'commands/s', limitName: 'empty handler', bar: 0.6, higherIsBetter: true, ...figures },
        lag(lagSeconds.slice(1)),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function enrolUsers(server: Server): Promise<void> {
  await server.send('register-site', { site: 'Redmond' });
  for (const pool of pools) await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Redmond' });
  await load(
    server.url,
    connections,
    users,
    (n) => post('/api/commands/enrol-user', token, { user: userAt(n), pool: pools[0] }),
    isDone,
  );
  await caughtUp(server);
}

/** Commands a second: every one of them is done, for whole laps move everybody to the other pool. */
function homeUsers(server: Server, lap: number): Promise<number> {
  const from = (lap - 1) * (commandsPerRound / users);
  const request = (n: number): string => {
    const pool = pools[(from + Math.floor(n / users) + 1) % pools.length];
    return post('/api/commands/home-user', token, { user: userAt(n), pool });
  };
  return load(server.url, connections, commandsPerRound, request, isDone);
}

/** Commands a second. */
function doNothing(server: Server): Promise<number> {
  return load(
    server.url,
    connections,
    commandsPerRound,
    (n) => post('/api/commands/do-nothing', token, { user: userAt(n), pool: pools[n % pools.length] }),
    ({ status, body }) => status === 200 && body.startsWith('{"outcome":"unchanged"'),
  );
}

const userAt = (n: number): string => `sip:user${n % users}@contoso.com`;
const isDone = ({ status, body }: { status: number; body: string }): boolean =>
  status === 200 && body.startsWith('{"outcome":"done"');

/** Seconds from the last answer until no view lags. */
async function timeToCatchUp(server: Server): Promise<number> {
  const started = performance.now();
  while ((await lags(server)).some(({ lagEvents }) => lagEvents > 0)) {
    if (performance.now() - started > 60_000) throw new Error('the views do not catch up');
    await sleep(5);
  }
  return (performance.now() - started) / 1000;
}

/** It has no bar of the issue's: a view that follows is never more than the two seconds behind for which `after` waits. */
function lag(seconds: readonly number[]): Figure {
  const figure = median(seconds);
  return {
    what: 'views caught up after the last answer',
    unit: 's',
    limitName: 'what `after` waits',
    figure,
    limit: 2,
    ratio: figure / 2,
    bar: 1,
    higherIsBetter: false,
  };
}
