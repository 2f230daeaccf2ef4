import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Figure } from '../bench.js';
import { inFolder } from '../in-folder.js';
import { address } from '../kurrentdb.js';
import { endNode, leaderAmong, nodesOf } from '../leaders.js';
import { type Server, startServer } from '../server.js';
import { lags, until } from '../waiting.js';

const rounds = 4;
const writers = 8;
const lookEveryMs = 10;
const restMs = 20_000;
/** What ends a leader, such as a script with `kill -9`; it gets `host:port`. Without it the leader is told to resign. */
const endLeader = process.env['HOMEWARD_BENCH_END_LEADER'];
const hosts = nodesOf(address);

export const kurrentLeader: Bench = {
  name: 'kurrentdb-leader',
  what: `the first new command that is answered after the new leader of a cluster was seen, and when the views have it, after the old one ${endLeader === undefined ? 'was told to resign' : 'was ended'}; the slowest of ${rounds} rounds`,
  run: () =>
    inFolder(async (folder) => {
      if (hosts.length < 3) throw new Error('HOMEWARD_TEST_KURRENTDB names no cluster of three nodes');
      await using server = await startServer(folder, { eventLog: address });
      const [answered, shown]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        const figures = await afterALeader(server);
        answered.push(figures.answeredSeconds);
        shown.push(figures.shownSeconds);
        await sleep(restMs);
      }
      return [
        slowest('first command after the election', 1, answered),
        slowest('until no view is behind after that', 2, shown),
      ];
    }),
};

function slowest(what: string, limit: number, seconds: readonly number[]): Figure {
  const figure = Math.max(...seconds);
  const rounds = seconds.map((each) => [each, limit] as const);
  return {
    what,
    unit: 's',
    limitName: 'bar',
    figure,
    limit,
    ratio: figure / limit,
    bar: 1,
    higherIsBetter: false,
    rounds,
  };
}

async function afterALeader(server: Server): Promise<{ answeredSeconds: number; shownSeconds: number }> {
  const old = await until(() => leaderAmong(hosts), { everyMs: lookEveryMs });
  const answers: { readonly sentAt: number; readonly at: number }[] = [];
  const over = new AbortController();
  const writing = Array.from({ length: writers }, async () => {
    while (!over.signal.aborted) {
      const sentAt = performance.now();
      const site = crypto.randomUUID();
      const isDone = await server.send('register-site', { site }).then(
        () => true,
        () => false,
      );
      if (isDone) answers.push({ sentAt, at: performance.now() });
      await sleep(lookEveryMs);
    }
  });
  await sleep(1000);
  if (endLeader === undefined) await fetch(`http://${old}/admin/node/resign`, { method: 'POST' });
  else await endNode(endLeader, old);
  const others = hosts.filter((host) => host !== old);
  await until(() => leaderAmong(others), { everyMs: lookEveryMs });
  const electedAt = performance.now();
  const first = await until(() => Promise.resolve(answers.find(({ at }) => at > electedAt)), { everyMs: lookEveryMs });
  over.abort();
  await Promise.all(writing);
  const lastAt = performance.now();
  await until(async () => ((await lags(server)).every(({ lagEvents }) => lagEvents === 0) ? true : undefined), {
    everyMs: lookEveryMs,
  });
  return { answeredSeconds: (first.at - electedAt) / 1000, shownSeconds: (performance.now() - lastAt) / 1000 };
}
