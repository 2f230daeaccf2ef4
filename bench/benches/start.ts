import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { history } from '../fixtures/history.js';
import { inTurn } from '../rounds.js';
import { startServer } from '../server.js';

const events = 1_000_000;
const rounds = 5;

export const start: Bench = {
  name: 'start',
  what: `start of the server until it is ready, ${events} events in the log and its views there, against an empty folder`,
  run: async () => {
    const folder = await history(events);
    return {
      unit: 's',
      limitName: 'no events',
      bar: 3,
      higherIsBetter: false,
      ...(await inTurn(
        rounds,
        () => startedIn(folder),
        async () => {
          const fresh = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
          try {
            return await startedIn(fresh);
          } finally {
            await rm(fresh, { recursive: true });
          }
        },
      )),
    };
  },
};

/** Seconds. */
async function startedIn(folder: string): Promise<number> {
  await using server = await startServer(folder);
  return server.startSeconds;
}
