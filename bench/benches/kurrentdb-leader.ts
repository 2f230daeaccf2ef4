import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeFirst } from '#event-log';
import { openKurrentLogReader } from '#event-log-kurrentdb';
import type { Bench, Figure } from '../bench.js';
import { inFolder } from '../in-folder.js';
import { address, DirectClient } from '../kurrentdb.js';
import { areWhole, endNode, leaderAmong, nodesOf } from '../leaders.js';
import { type Server, startServer } from '../server.js';
import { lags, until } from '../waiting.js';

const rounds = 4;
const writers = 8;
const lookEveryMs = 10;
/** They write before the leader ends, and after the next one was seen: longer than a view may be behind. */
const writeMs = { before: 1000, after: 4000 };
/** Once the cluster is whole again. */
const restMs = 10_000;
/** What ends a leader, such as a script with `kill -9`; it gets `host:port`. Without it the leader is told to resign. */
const endLeader = process.env['HOMEWARD_BENCH_END_LEADER'];
const hosts = nodesOf(address);

export const kurrentLeader: Bench = {
  name: 'kurrentdb-leader',
  what: `a command that is sent when the new leader of a cluster is seen until it is answered, and the longest that any view was without what was acknowledged, after the old leader ${endLeader === undefined ? 'was told to resign' : 'was ended'} under load; the slowest of ${rounds} rounds; nothing lost or doubled`,
  run: () =>
    inFolder(async (folder) => {
      if (hosts.length < 3) throw new Error('HOMEWARD_TEST_KURRENTDB names no cluster of three nodes');
      await using server = await startServer(folder, { eventLog: address });
      const [answered, behind]: [number[], number[]] = [[], []];
      const sent: Sent = { sites: new Set(), acknowledged: [] };
      for (let round = 0; round < rounds; round++) {
        await until(async () => ((await areWhole(hosts)) ? true : undefined));
        await sleep(restMs);
        const figures = await afterALeader(server, sent);
        answered.push(figures.answeredSeconds);
        behind.push(figures.behindSeconds);
      }
      await assertOnce(sent);
      return [
        slowest('first new command after the election', 1, answered),
        slowest('the longest that a view was behind after it', 2, behind),
      ];
    }),
};

function slowest(what: string, limit: number, seconds: readonly number[]): Figure {
  const figure = Math.max(...seconds);
  const each = seconds.map((one) => [one, limit] as const);
  return {
    what,
    unit: 's',
    limitName: 'bar',
    figure,
    limit,
    ratio: figure / limit,
    bar: 1,
    higherIsBetter: false,
    rounds: each,
  };
}

/** A position and when it was answered, or seen in every view. Milliseconds. */
interface Reached {
  readonly position: bigint;
  readonly at: number;
}

interface Sent {
  /** Of commands that were acknowledged or not. */
  readonly sites: Set<string>;
  readonly acknowledged: string[];
}

async function afterALeader(
  server: Server,
  sent: Sent,
): Promise<{ readonly answeredSeconds: number; readonly behindSeconds: number }> {
  const old = await until(() => leaderAmong(hosts), { everyMs: lookEveryMs });
  const acknowledged: Reached[] = [];
  const shown: Reached[] = [];
  const register = async (): Promise<boolean> => {
    const site = randomUUID();
    sent.sites.add(site);
    const position = await server.send('register-site', { site }).catch(() => undefined);
    if (position === undefined) return false;
    sent.acknowledged.push(site);
    acknowledged.push({ position, at: performance.now() });
    return true;
  };
  const over = new AbortController();
  const writing = Array.from({ length: writers }, async () => {
    while (!over.signal.aborted) {
      await register();
      await sleep(lookEveryMs);
    }
  });
  const done = new AbortController();
  const watching = watch(server, shown, done.signal);
  const others = hosts.filter((host) => host !== old);
  const direct = new Map(
    await Promise.all(others.map(async (host) => [host, await DirectClient.connect(host)] as const)),
  );
  await sleep(writeMs.before);
  if (endLeader === undefined) await fetch(`http://${old}/admin/node/resign`, { method: 'POST' });
  else await endNode(endLeader, old);
  const elected = await until(() => leaderAmong(others), { everyMs: lookEveryMs });
  const electedAt = performance.now();
  const sinceElection = (): number => (performance.now() - electedAt) / 1000;
  const directly = until(
    () =>
      direct
        .get(elected)!
        .append()
        .then(sinceElection, () => undefined),
    {
      everyMs: lookEveryMs,
    },
  );
  // Another one each time that it is told to come later.
  await until(async () => ((await register()) ? true : undefined), { everyMs: lookEveryMs });
  const answeredSeconds = sinceElection();
  await sleep(Math.max(0, electedAt + writeMs.after - performance.now()));
  over.abort();
  await Promise.all(writing);
  const last = acknowledged.reduce((most, { position }) => (position > most ? position : most), beforeFirst);
  await until(() => Promise.resolve((shown.at(-1)?.position ?? beforeFirst) >= last ? true : undefined));
  done.abort();
  await watching;
  const directSeconds = await directly;
  await Promise.all(Array.from(direct.values(), (client) => client.close()));
  const behindSeconds = longestBehind(acknowledged, shown, electedAt) / 1000;
  console.error(
    `answered after ${answeredSeconds.toFixed(2)} s, the client alone after ${directSeconds.toFixed(2)} s; a view was behind for ${behindSeconds.toFixed(2)} s at the most`,
  );
  return { answeredSeconds, behindSeconds };
}

/** Looks at how far the view is that is furthest behind, again and again. */
async function watch(server: Server, shown: Reached[], signal: AbortSignal): Promise<void> {
  for (; !signal.aborted; await sleep(lookEveryMs)) {
    // An answer that it can't be told shows nothing.
    const statuses = await lags(server).catch(() => []);
    const positions = statuses.map(({ position }) => BigInt(position)).toSorted((a, b) => (a < b ? -1 : 1));
    const [position] = positions;
    if (position !== undefined) shown.push({ position, at: performance.now() });
  }
}

/** From its answer, or the election where that came later, until every view was seen to have it. */
function longestBehind(acknowledged: readonly Reached[], shown: readonly Reached[], electedAt: number): number {
  let longest = 0;
  let looked = 0;
  for (const { position, at } of acknowledged.toSorted((a, b) => (a.position < b.position ? -1 : 1))) {
    while (looked < shown.length && shown[looked]!.position < position) looked++;
    const seenAt = shown[looked]?.at ?? Number.POSITIVE_INFINITY;
    longest = Math.max(longest, seenAt - Math.max(at, electedAt));
  }
  return longest;
}

/** @throws unless each site that was acknowledged is in the log once, and no other one twice. */
async function assertOnce({ sites, acknowledged }: Sent): Promise<void> {
  const counts = new Map<string, number>();
  const reader = await openKurrentLogReader({ connectionString: address });
  try {
    for await (const page of reader.readAll(beforeFirst))
      for (const { type, data } of page) {
        const site = String(data['site']);
        if (type === 'SiteRegistered' && sites.has(site)) counts.set(site, (counts.get(site) ?? 0) + 1);
      }
  } finally {
    await reader.close();
  }
  const lost = acknowledged.filter((site) => !counts.has(site)).length;
  const doubled = [...counts.values()].filter((count) => count > 1).length;
  if (lost + doubled > 0)
    throw new Error(`of ${acknowledged.length} acknowledged commands ${lost} are lost and ${doubled} doubled`);
  console.error(`${acknowledged.length} commands were acknowledged: none lost, none doubled`);
}
