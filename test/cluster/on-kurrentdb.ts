import { type EventLogReader, LogUnavailable, LogUnusable, type RecordedEvent } from '#event-log';
import { openKurrentLogReader } from '#event-log-kurrentdb';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, TestServer } from '../server.js';
import { EndingLeaders } from './ending-leaders.js';

/**
 * A KurrentDB that holds nothing, or what an earlier run of these specs left: `kurrentdb://…?tls=false`. Without one everything that needs it
 * counts as skipped.
 */
export const address = process.env['HOMEWARD_TEST_KURRENTDB'] ?? '';
export const describeOnKurrentDb: jest.Describe = address ? describe : describe.skip;

const waitSecondsMax = 120;
/** A start may fall into an election. */
const startSecondsMax = 60;

/** Servers on that log, each with a data folder of its own; what was killed is started again on its folder. */
export class Cluster {
  private leaders: EndingLeaders | undefined;

  private constructor(
    readonly nodes: TestServer[],
    private readonly leadersEnd: boolean,
  ) {}

  /** Two of them. @param leadersEnd while they work, if somebody has said how */
  static async start({ leadersEnd = false } = {}): Promise<Cluster> {
    const cluster = new Cluster(await Promise.all([startNode(), startNode()]), leadersEnd);
    await Promise.all(cluster.nodes.map((node) => node.ready(startSecondsMax)));
    cluster.loseLeaders();
    return cluster;
  }

  private loseLeaders(): void {
    if (this.leadersEnd) this.leaders = EndingLeaders.begin(address);
  }

  /** Nobody ends leaders any more, and one is there. */
  private async calm(): Promise<void> {
    await this.leaders?.end();
    this.leaders = undefined;
  }

  /** On every node, no view is behind this position for longer than a request waits for it: 2 s. */
  async expectShown(position: bigint): Promise<void> {
    await this.calm();
    for (const node of this.nodes) {
      const { status, text } = await node.get(`/api/sites?limit=1&after=${position}`);
      expect([status, text]).toEqual([200, expect.anything()]);
      const { body } = await node.get('/api/projections');
      const behind = (body.items as { position: string }[]).filter((each) => BigInt(each.position) < position);
      expect(behind).toEqual([]);
    }
    this.loseLeaders();
  }

  async restart(index: number): Promise<void> {
    this.nodes[index] = await startNode(this.nodes[index]?.dataDir);
    await this.nodes[index].ready(startSecondsMax);
  }

  async end(): Promise<void> {
    await this.calm();
    await Promise.all(this.nodes.map((node) => node.dispose()));
  }
}

/** Again and again, as a restart policy does it: a server that finds no leader within 15 s ends. */
async function startNode(dataDir?: string): Promise<TestServer> {
  const env = { HOMEWARD_EVENT_LOG: address };
  for (const since = Date.now(); ;) {
    try {
      return await TestServer.start({ env, startSecondsMax, ...(dataDir !== undefined && { dataDir }) });
    } catch (error) {
      const isOutage = /no KurrentDB answers|Failed to discover/.test((error as Error).message);
      if (!isOutage || Date.now() - since > waitSecondsMax * 1000) throw error;
    }
  }
}

/** What came after a position, of those that are wanted. */
export async function recordedAfter(
  position: bigint,
  isWanted: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent[]> {
  return await withReader(async (reader) => {
    const events: RecordedEvent[] = [];
    for await (const page of reader.readAll(position)) events.push(...page.filter((event) => isWanted(event)));
    return events;
  });
}

/** Reads with a reader of its own, from the beginning again where an election takes longer than that is patient. */
export async function withReader<T>(read: (reader: EventLogReader) => Promise<T>): Promise<T> {
  for (const since = Date.now(); ;) {
    let reader: EventLogReader | undefined;
    try {
      reader = await openKurrentLogReader({ connectionString: address });
      return await read(reader);
    } catch (error) {
      const isOutage = error instanceof LogUnavailable || error instanceof LogUnusable;
      if (!isOutage || Date.now() - since > waitSecondsMax * 1000) throw error;
    } finally {
      await reader?.close();
    }
  }
}

/** Asks again until it is so. An answer that says to come later is none. */
export async function answered(ask: () => Promise<Answer>, isSo: (answer: Answer) => boolean): Promise<Answer> {
  let last: Answer | undefined;
  for (const since = Date.now(); Date.now() - since < waitSecondsMax * 1000; await sleep(50)) {
    last = await ask();
    if (isSo(last)) return last;
  }
  throw new Error(`it did not come to that: ${last?.status} ${last?.text}`);
}

/** A command that is done, however often it has to be sent. */
export async function done(node: TestServer, path: string, fields: object, token?: string): Promise<bigint> {
  const { body } = await answered(
    () => node.send(path, fields, token === undefined ? {} : { token }),
    ({ status }) => status !== 503,
  );
  if (body.outcome === 'refused') throw new Error(`${path} ${JSON.stringify(fields)}: ${JSON.stringify(body)}`);
  return BigInt(body.position as string);
}
