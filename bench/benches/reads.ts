import type { Bench, Figure } from '../bench.js';
import { Connection, get } from '../connection.js';
import { eventsIn } from '../fixtures/kept-folder.js';
import { history, userOf, usersIn } from '../fixtures/history.js';
import { inTurn, median } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';

const few = 10_000;
const many = 1_000_000;
const requestsPerRound = 400;
const rounds = 7;

export const reads: Bench = {
  name: 'reads',
  what: `GET of the deployments and of one user, now and as of the middle, one at a time: p50 at ${many} events against ${few}`,
  run: async () => {
    const folders = { few: await history(few), many: await history(many) };
    await using fewServer = await startServer(folders.few);
    await using manyServer = await startServer(folders.many);
    const figures: Figure[] = [];
    for (const asOf of ['', `?asOf=@middle`])
      for (const what of ['deployments', 'user'] as const) {
        const p50 = (server: Server, events: number) => async () =>
          await median50(server, (n) => path(what, asOf.replace('middle', `${events >> 1}`), n, events));
        figures.push({
          what: `${what}, ${asOf === '' ? 'now' : 'as of the middle'}`,
          unit: 'ms p50',
          limitName: `${few} events`,
          bar: 1.5,
          higherIsBetter: false,
          ...(await inTurn(
            rounds,
            p50(manyServer, await eventsIn(folders.many)),
            p50(fewServer, await eventsIn(folders.few)),
          )),
        });
      }
    return figures;
  },
};

/** Another user each time. Half way there everybody is enrolled. */
function path(what: 'deployments' | 'user', asOf: string, n: number, events: number): string {
  return what === 'deployments'
    ? `/api/deployments${asOf}`
    : `/api/users/${userOf((n * 7919) % usersIn(events))}${asOf}`;
}

/** In milliseconds. */
async function median50(server: Server, path: (n: number) => string): Promise<number> {
  const connection = await Connection.open(server.url);
  const times: number[] = [];
  for (let n = 0; n < requestsPerRound; n++) {
    const request = get(path(n), token);
    const started = performance.now();
    const { status, body } = await connection.ask(request);
    times.push(performance.now() - started);
    if (status !== 200) throw new Error(`${path(n)} was answered ${status}: ${body}`);
  }
  connection.close();
  return median(times);
}
