import { setTimeout as sleep } from 'node:timers/promises';
import { areWhole, endNode, leaderAmong, nodesOf } from '../../bench/leaders.js';

/** A command that ends the node of KurrentDB whose `host:port` it is given, such as a script with `kill -9`. Something else has to start it again. */
const command = process.env['HOMEWARD_TEST_END_LEADER'];
/** Between two ends, once the cluster is whole: one that has just lost a leader has no majority to spare until that one is back. */
const restMs = 10_000;
const electionSecondsMax = 30;
const lookEveryMs = 50;

/** Ends leaders of a cluster again and again, beside whatever else is tried on it. */
export class EndingLeaders {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  private constructor(private readonly nodes: readonly string[]) {
    this.running = this.run();
    // Whoever ends it hears of it.
    this.running.catch(() => undefined);
  }

  /** Where it is said how to, and there are nodes enough for another leader. */
  static begin(connectionString: string): EndingLeaders | undefined {
    const nodes = nodesOf(connectionString);
    return command === undefined || nodes.length < 3 ? undefined : new EndingLeaders(nodes);
  }

  /** When a leader is there. */
  async end(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    // The first one before long: what is tried may be short.
    await sleep(restMs / 2, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted) {
      const leader = await this.leader();
      const at = performance.now();
      await endNode(command!, leader);
      // It may come back and lead again.
      const next = await this.leader(leader).catch(() => this.leader());
      console.info(`${leader} was ended, ${next} led after ${((performance.now() - at) / 1000).toFixed(1)} s`);
      while (!signal.aborted && !(await areWhole(this.nodes))) await sleep(lookEveryMs);
      await sleep(restMs, undefined, { signal }).catch(() => undefined);
    }
    await this.leader();
  }

  /** Once one leads, other than this one. */
  private async leader(other?: string): Promise<string> {
    for (const since = Date.now(); Date.now() - since < electionSecondsMax * 1000; await sleep(lookEveryMs)) {
      const leader = await leaderAmong(this.nodes);
      if (leader !== undefined && leader !== other) return leader;
    }
    throw new Error(`none of ${this.nodes.join(', ')} leads`);
  }
}
