import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '#event-log-sqlite';
import { openViews } from '#views';
import { catalogueOf, contexts } from '#server/contexts';
import type { LogSource } from '#server/log/log-source';
import { innerViews, projectionThreads, storedViews } from '#server/views/all-views';
import type { Bench } from '../bench.js';
import { imported } from '../fixtures/imported.js';
import { copied, logFile } from '../fixtures/kept-folder.js';
import { readAndParsed } from '../read-and-parsed.js';
import { inTurn } from '../rounds.js';
import { until } from '../waiting.js';

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
    const started = performance.now();
    const views = await openViews({
      definitions: [...storedViews, ...innerViews],
      threads: projectionThreads(catalogueOf(contexts)),
      log,
      entry: new URL('../../apps/server/src/views-worker.js', import.meta.url),
      workerData: { folder, source },
      onTrouble: (error) => console.error(error),
    });
    await until(async () => ((await views.statuses()).every(({ position }) => position === head) ? true : undefined), {
      everyMs: 5,
    });
    const seconds = (performance.now() - started) / 1000;
    await views.close();
    await log.close();
    return Number(head) / seconds;
  } finally {
    await rm(folder, { recursive: true });
  }
}
