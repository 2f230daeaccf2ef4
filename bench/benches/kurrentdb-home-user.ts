import type { Bench } from '../bench.js';
import { load, post } from '../connection.js';
import { address, clientAppends } from '../kurrentdb.js';
import { inTurn } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';
import { inFolder } from '../in-folder.js';
import { caughtUp } from '../waiting.js';

const users = 2000;
const connections = 64;
const commandsPerRound = 4000;
const rounds = 3;
const lap = `l${Date.now().toString(36)}`;
const pools = [`${lap}-1.contoso.com`, `${lap}-2.contoso.com`] as const;

export const kurrentHomeUser: Bench = {
  name: 'kurrentdb-home-user',
  what: `HomeUser over HTTP on KurrentDB, ${connections} connections, against the client's own appendRecords, ${connections} in flight, one record with two checks each`,
  run: () =>
    inFolder(async (folder) => {
      await using server = await startServer(folder, { eventLog: address });
      await enrolUsers(server);
      let laps = 0;
      const homed = (): Promise<number> => homeUsers(server, ++laps);
      const figures = await inTurn(rounds, homed, () => clientAppends(connections, commandsPerRound));
      return { unit: '/s', limitName: "client's appendRecords", bar: 0.6, higherIsBetter: true, ...figures };
    }),
};

const userAt = (n: number): string => `sip:user${n % users}@${lap}.contoso.com`;
const isDone = ({ status, body }: { status: number; body: string }): boolean =>
  status === 200 && body.startsWith('{"outcome":"done"');

async function enrolUsers(server: Server): Promise<void> {
  await server.send('register-site', { site: lap });
  for (const pool of pools) await server.send('register-pool', { pool, generation: 'lync-2013', site: lap });
  const enrol = (n: number): string => post('/api/commands/enrol-user', token, { user: userAt(n), pool: pools[0] });
  await load(server.url, connections, users, enrol, isDone);
  await caughtUp(server);
}

/** Commands a second: every one of them is done, for each time everybody moves to the other pool. */
function homeUsers(server: Server, lap: number): Promise<number> {
  const from = (lap - 1) * (commandsPerRound / users);
  const request = (n: number): string => {
    const pool = pools[(from + Math.floor(n / users) + 1) % pools.length];
    return post('/api/commands/home-user', token, { user: userAt(n), pool });
  };
  return load(server.url, connections, commandsPerRound, request, isDone);
}
