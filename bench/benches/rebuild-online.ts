import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure } from '../bench.js';
import { Connection, get, load, post } from '../connection.js';
import { history, userOf } from '../fixtures/history.js';
import { copied, logFile } from '../fixtures/kept-folder.js';
import { readAndParsed } from '../read-and-parsed.js';
import { inTurn } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';
import { caughtUp, until } from '../waiting.js';

const events = 1_000_000;
const rebuilds = 3;
const rounds = 5;
const commandConnections = 32;
const commandsPerRound = 12_000;
const users = 2000;
const readConnections = 4;
/** Some seconds: what a rebuild does before it knows that others are there is over in a fraction of one. */
const readsPerRound = 16_000;
const pools = ['lync-2013.redmond.contoso.com', 'lync-2013.dublin.contoso.com'];

export const rebuildOnline: Bench = {
  name: 'rebuild-online',
  what: `POST /api/projections/all/rebuild on a running server with ${events} events: its rate against SQLite rows read and JSON.parse of each, in order, by one thread; then commands and reads while it runs against the same without`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      await copied(await history(events), folder);
      const limit = () => Promise.resolve(readAndParsed(logFile(folder)));
      await using server = await startServer(folder);
      return [await rate(server, limit), await commands(server), await reads(server)];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function rate(server: Server, limit: () => Promise<number>): Promise<Figure> {
  const rebuilt = async (): Promise<number> => {
    const started = performance.now();
    await begin(server);
    await until(async () => ((await isRunning(server)) ? undefined : true), { everyMs: 10, secondsMax: 600 });
    return events / ((performance.now() - started) / 1000);
  };
  return {
    what: 'rate of an idle server',
    unit: 'events/s',
    limitName: 'read + JSON.parse',
    bar: 0.4,
    higherIsBetter: true,
    ...(await inTurn(rebuilds, rebuilt, limit)),
  };
}

async function commands(server: Server): Promise<Figure> {
  let lap = 0;
  // Whole laps move everybody to the other pool.
  const homed = (): Promise<number> => {
    const from = lap;
    lap += commandsPerRound / users;
    const request = (n: number): string =>
      post('/api/commands/home-user', token, {
        user: userOf(n % users),
        pool: pools[(from + Math.floor(n / users)) % pools.length],
      });
    return load(server.url, commandConnections, commandsPerRound, request, ({ status }) => status === 200);
  };
  return {
    what: `HomeUser over ${commandConnections} connections meanwhile`,
    unit: 'commands/s',
    limitName: 'without a rebuild',
    bar: 0.7,
    higherIsBetter: true,
    ...(await inTurn(
      rounds,
      () => meanwhile(server, homed),
      () => alone(server, homed),
    )),
  };
}

async function reads(server: Server): Promise<Figure> {
  const p99 = async (): Promise<number> => {
    const times: number[] = [];
    let next = 0;
    const ask = async (): Promise<void> => {
      const connection = await Connection.open(server.url);
      for (let n = next++; n < readsPerRound; n = next++) {
        const path = n % 4 === 0 ? '/api/deployments' : `/api/users/${userOf((n * 7919) % users)}`;
        const started = performance.now();
        const { status, body } = await connection.ask(get(path, token));
        times.push(performance.now() - started);
        if (status !== 200) throw new Error(`${path} was answered ${status}: ${body}`);
      }
      connection.close();
    };
    await Promise.all(Array.from({ length: readConnections }, ask));
    return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
  };
  return {
    what: `p99 of reads over ${readConnections} connections meanwhile`,
    unit: 'ms',
    limitName: 'without a rebuild',
    bar: 2,
    higherIsBetter: false,
    ...(await inTurn(
      rounds,
      () => meanwhile(server, p99),
      () => alone(server, p99),
    )),
  };
}

/** Measures while a rebuild of everything fills its files, and cancels that. */
async function meanwhile(server: Server, measure: () => Promise<number>): Promise<number> {
  await caughtUp(server);
  await begin(server);
  await until(async () => ((await eventsDone(server)) > 0 ? true : undefined), { everyMs: 20 });
  const measured = await measure();
  if (!(await isRunning(server))) throw new Error('the rebuild was over before what was to be measured');
  const response = await server.fetch('/api/projections/all/rebuild', { method: 'DELETE' });
  if (!response.ok) throw new Error(`the rebuild could not be cancelled: ${await response.text()}`);
  await response.body?.cancel();
  return measured;
}

async function alone(server: Server, measure: () => Promise<number>): Promise<number> {
  await caughtUp(server);
  return await measure();
}

async function begin(server: Server): Promise<void> {
  const response = await server.fetch('/api/projections/all/rebuild', { method: 'POST' });
  if (response.status !== 202) throw new Error(`the rebuild was answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
}

/** Of those that have begun to be filled, the least. */
async function eventsDone(server: Server): Promise<number> {
  const response = await server.fetch('/api/projections/all/rebuild');
  const { items } = (await response.json()) as { items: readonly { progress: { done: number } | null }[] };
  return Math.min(...items.map(({ progress }) => progress?.done ?? 0));
}

async function isRunning(server: Server): Promise<boolean> {
  const response = await server.fetch('/api/projections/all/rebuild');
  const { items } = (await response.json()) as { items: readonly { state: string; error: string | null }[] };
  const failed = items.find(({ state }) => state === 'failed');
  if (failed) throw new Error(`a rebuild failed: ${JSON.stringify(failed)}`);
  return items.some(({ state }) => state === 'running');
}
