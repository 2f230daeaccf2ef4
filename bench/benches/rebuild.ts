import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '#event-log-sqlite';
import type { LogSource } from '#server/log/log-source';
import type { Bench } from '../bench.js';
import { imported } from '../fixtures/imported.js';
import { copied, logFile } from '../fixtures/kept-folder.js';
import { readAndParsed } from '../read-and-parsed.js';
import { inTurn } from '../rounds.js';
import { secondsToViews } from '../views-from-nothing.js';

const users = 150_000;
const rounds = 3;

export const rebuild: Bench = {
  name: 'rebuild',
  what: `all views made anew by the server's own threads from the log of an import of ${users} users, until they are at its head, against SQLite rows read and JSON.parse of each, in order, by one thread`,
  run: async () => {
    const fixture = await imported(users);
    return {
      unit: 'events/s',
      limitName: 'read + JSON.parse',
      bar: 0.25,
      higherIsBetter: true,
      ...(await inTurn(
        rounds,
        () => rebuilt(fixture),
        () => Promise.resolve(readAndParsed(logFile(fixture))),
      )),
    };
  },
};

/** Events a second, the start of the threads included. */
async function rebuilt(fixture: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
  try {
    await copied(fixture, folder, ['views']);
    const log = await openSqliteLog({ file: logFile(folder) });
    const source: LogSource = { engine: 'sqlite', file: logFile(folder), headSignal: log.headSignal };
    const head = await log.head();
    const seconds = await secondsToViews(folder, log, source);
    await log.close();
    return Number(head) / seconds;
  } finally {
    await rm(folder, { recursive: true });
  }
}
