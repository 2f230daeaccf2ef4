import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openKurrentLogReader } from '#event-log-kurrentdb';
import type { LogSource } from '#server/log/log-source';
import type { Bench } from '../bench.js';
import { inFolder } from '../in-folder.js';
import { address, clientReadsAll } from '../kurrentdb.js';
import { inTurn } from '../rounds.js';
import { type Server, startServer } from '../server.js';
import { secondsToViews } from '../views-from-nothing.js';
import { caughtUp, until } from '../waiting.js';

/** How many events the log is to have at least; fewer where there is little time. */
const events = Number(process.env['HOMEWARD_BENCH_EVENTS'] ?? 1_000_000);
const usersAFile = 50_000;
const eventsAUser = 2;
const rounds = 2;

export const kurrentCatchUp: Bench = {
  name: 'kurrentdb-catch-up',
  what: `all views made from a KurrentDB of ${events} events or more (HOMEWARD_BENCH_EVENTS), until they are at its head, against the client's own readAll`,
  run: () =>
    inFolder(async (folder) => {
      if ((await clientReadsAll()).records < events) await filled(join(folder, 'filling'));
      const { records } = await clientReadsAll();
      let rebuilds = 0;
      const figures = await inTurn(
        rounds,
        () => caughtUpFrom(join(folder, `${++rebuilds}`), records),
        async () => (await clientReadsAll()).rate,
      );
      return { unit: 'events/s', limitName: "client's readAll", bar: 0.5, higherIsBetter: true, ...figures };
    }),
};

async function filled(folder: string): Promise<void> {
  await using server = await startServer(folder, { eventLog: address });
  await fill(server);
}

/** Imports of users of their own each time, until there are enough events. */
async function fill(server: Server): Promise<void> {
  const lap = `l${Date.now().toString(36)}`;
  await server.send('register-site', { site: lap });
  await server.send('register-pool', { pool: `${lap}.contoso.com`, generation: 'lync-2013', site: lap });
  for (let file = 0, { records } = await clientReadsAll(); records < events; file++) {
    const users = Math.min(usersAFile, Math.ceil((events - records) / eventsAUser));
    const rows = Array.from({ length: users }, (_, n) => `sip:user${file}.${n}@${lap}.contoso.com,${lap}.contoso.com`);
    const body = ['user,pool', ...rows].join('\n');
    const headers = { 'content-type': 'text/csv' };
    const response = await server.fetch('/api/bulk/enrol-user', { method: 'POST', headers, body });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`a file was answered ${response.status}: ${await response.text()}`);
    await response.body?.cancel();
    await until(
      async () => {
        const run = (await (await server.fetch(location)).json()) as { state: string };
        return run.state === 'done' ? run : undefined;
      },
      { secondsMax: 1200 },
    );
    ({ records } = await clientReadsAll());
  }
  await caughtUp(server, 1200);
}

/** Events a second, the start of the threads included. */
async function caughtUpFrom(folder: string, records: number): Promise<number> {
  await mkdir(folder);
  const log = await openKurrentLogReader({ connectionString: address });
  const source: LogSource = { engine: 'kurrentdb', connectionString: address };
  const seconds = await secondsToViews(folder, log, source, { secondsMax: 1200 });
  await log.close();
  return records / seconds;
}
