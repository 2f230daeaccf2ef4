import type { Bench } from '../bench.js';
import { Connection, get } from '../connection.js';
import { eventsIn } from '../fixtures/kept-folder.js';
import { history } from '../fixtures/history.js';
import { inTurn, median } from '../rounds.js';
import { type Server, startServer, token } from '../server.js';

const few = 10_000;
const many = 1_000_000;
/** What a busy day changes. */
const changes = 1000;
const requestsPerRound = 40;
const rounds = 7;

export const diff: Bench = {
  name: 'diff',
  what: `GET /api/diff of a day with ${changes} changes, one at a time: p50 in a log of ${many} events against one of ${few}`,
  run: async () => {
    const folders = { few: await history(few), many: await history(many) };
    await using fewServer = await startServer(folders.few);
    await using manyServer = await startServer(folders.many);
    const p50 = (server: Server, events: number) => () => median50(server, events);
    return {
      unit: 'ms p50',
      limitName: `${few} events`,
      bar: 3,
      higherIsBetter: false,
      ...(await inTurn(
        rounds,
        p50(manyServer, await eventsIn(folders.many)),
        p50(fewServer, await eventsIn(folders.few)),
      )),
    };
  },
};

/** In milliseconds; another day each time, always a first page. */
async function median50(server: Server, events: number): Promise<number> {
  const connection = await Connection.open(server.url);
  const times: number[] = [];
  for (let n = 0; n < requestsPerRound; n++) {
    const to = events - ((n * 37) % 2000);
    const request = get(`/api/diff?from=@${to - changes}&to=@${to}`, token);
    const started = performance.now();
    const { status, body } = await connection.ask(request);
    times.push(performance.now() - started);
    if (status !== 200) throw new Error(`the diff was answered ${status}: ${body}`);
  }
  connection.close();
  return median(times);
}
