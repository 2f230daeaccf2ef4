import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure } from '../bench.js';
import { Connection, load, post } from '../connection.js';
import { inTurn, median } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';
import { caughtUp, until } from '../waiting.js';

const users = 2000;
const connections = 32;
const commandsPerRound = 6000;
const rounds = 5;
/** More than are done while that many commands are. */
const rowsPerRun = 150_000;
const p99MsMax = 100;
const pools = ['pool01.contoso.com', 'pool02.contoso.com'] as const;

export const duringARun: Bench = {
  name: 'during-a-run',
  what: `HomeUser over HTTP, ${connections} connections, while a file of ${rowsPerRun} users is worked through, against the same without; and how long the slowest of them take meanwhile`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      await using server = await startServer(folder);
      await enrolUsers(server);
      return await measured(server);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function measured(server: Server): Promise<readonly Figure[]> {
  const laps = new Laps(server);
  const p99s: number[] = [];
  let files = 0;
  const meanwhile = async (): Promise<number> => {
    await caughtUp(server);
    const location = await upload(server, newUsers(++files));
    const { rate, p99Ms } = await laps.run();
    p99s.push(p99Ms);
    const { state, processed } = await stopped(server, location);
    if (state !== 'stopped') throw new Error('the run was over before what was to be measured');
    if (processed === 0) throw new Error('the run did nothing meanwhile');
    return rate;
  };
  const alone = async (): Promise<number> => {
    await caughtUp(server);
    return (await laps.run()).rate;
  };
  const throughput = await inTurn(rounds, meanwhile, alone);
  const p99Ms = median(p99s.slice(1));
  return [
    {
      what: 'commands meanwhile',
      unit: 'commands/s',
      limitName: 'without a run',
      bar: 0.3,
      higherIsBetter: true,
      ...throughput,
    },
    {
      what: 'p99 of them',
      unit: 'ms',
      limitName: 'what is bearable',
      bar: 1,
      higherIsBetter: false,
      figure: p99Ms,
      limit: p99MsMax,
      ratio: p99Ms / p99MsMax,
    },
  ];
}

/** Everybody moves to the other pool, again and again. */
class Laps {
  private sent = 0;

  constructor(private readonly server: Server) {}

  async run(): Promise<{ readonly rate: number; readonly p99Ms: number }> {
    const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(this.server.url)));
    const times: number[] = [];
    const last = this.sent + commandsPerRound;
    const send = async (connection: Connection): Promise<void> => {
      while (this.sent < last) {
        const n = this.sent++;
        const pool = pools[(Math.floor(n / users) + 1) % pools.length];
        const begun = performance.now();
        const answer = await connection.ask(post('/api/commands/home-user', token, { user: userAt(n), pool }));
        times.push(performance.now() - begun);
        if (answer.status !== 200) throw new Error(`a command was answered ${answer.status}: ${answer.body}`);
      }
    };
    const started = performance.now();
    await Promise.all(open.map(send));
    const seconds = (performance.now() - started) / 1000;
    for (const connection of open) connection.close();
    const p99Ms = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
    return { rate: commandsPerRound / seconds, p99Ms };
  }
}

async function enrolUsers(server: Server): Promise<void> {
  await server.send('register-site', { site: 'Redmond' });
  for (const pool of pools) await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Redmond' });
  const enrol = (n: number): string => post('/api/commands/enrol-user', token, { user: userAt(n), pool: pools[0] });
  await load(server.url, connections, users, enrol, ({ status }) => status === 200);
}

const userAt = (n: number): string => `sip:user${n % users}@contoso.com`;

function newUsers(file: number): string {
  const rows = Array.from({ length: rowsPerRun }, (_, n) => `user${n}@file${file}.contoso.com,User ${n},${pools[0]}`);
  return ['user,displayName,pool', ...rows, ''].join('\n');
}

async function upload(server: Server, body: string): Promise<string> {
  const headers = { 'content-type': 'text/csv' };
  const response = await server.fetch('/api/bulk/enrol-user', { method: 'POST', headers, body });
  const location = response.headers.get('location');
  if (response.status !== 202 || location === null)
    throw new Error(`the file was answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
  return location;
}

interface Shown {
  readonly state: string;
  readonly processed: number;
}

async function stopped(server: Server, location: string): Promise<Shown> {
  await (await server.fetch(`${location}/stop`, { method: 'POST' })).body?.cancel();
  return await until(async () => {
    const shown = (await (await server.fetch(location)).json()) as Shown;
    return shown.state === 'stopped' || shown.state === 'done' ? shown : undefined;
  });
}
