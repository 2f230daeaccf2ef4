import { type KurrentDBClient, NotLeaderError, UnavailableError } from '@kurrent/kurrentdb-client';
import { type Connection, newClient } from './connection.js';
import { type Endpoint, failureOf } from './kurrent-errors.js';
import { answered } from './patience.js';

/** What a client is for. Each has its own, so that one's end disturbs no other. */
export type Purpose = 'append' | 'read' | 'follow' | 'probe';

/** A connection was given up for a new one: a failover, most of the time. */
export interface Reconnection {
  readonly purpose: Purpose;
  readonly reason: string;
  /** How many were given up so far. Each of `read` keeps one or two file descriptors for good, and 0.1 MB. */
  readonly count: number;
}

/** The client as somebody got it; another one after each reconnection. */
export interface Lease {
  readonly client: KurrentDBClient;
  /** It has answered before. */
  hasWorked: boolean;
}

const probeMsMax = 1_000;
/** A connection that is there is had at once; one that is being looked for is not to be given up. */
const channelMsMax = 50;
/** Between two connections. What a client of reads leaves behind is kept for good. */
const pauseMs = { read: 250, append: 100, follow: 100, probe: 100 } as const;
/** So often a client of `read` is replaced without asking first whether that would help. */
const replacementsMax = 3;

/**
 * The client in use. After a failover a client can stay with a node that is dead or no longer the leader for as long as it lives: it has to
 * be told, or replaced by a new one.
 */
export class ClientSlot {
  private lease: Lease | undefined;
  private ready: Promise<unknown> = Promise.resolve();
  private count = 0;
  private closed = false;
  private notBefore = 0;
  private failures = 0;
  private probe: ClientSlot | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly purpose: Purpose,
    private readonly onReconnected: (reconnection: Reconnection) => void,
  ) {}

  async take(): Promise<Lease> {
    await this.ready;
    this.lease ??= { client: newClient(this.connection, this.purpose === 'read'), hasWorked: false };
    return this.lease;
  }

  works(lease: Lease): void {
    lease.hasWorked = true;
    this.failures = 0;
  }

  /**
   * Gives up the connection that failed. Nothing happens where another caller did so before, or where it was done just now and nobody knows
   * better since. The next one goes to the leader that the failed one named, or looks for it.
   */
  reconnect(failed: Lease, { reason, leader }: { readonly reason: string; readonly leader?: Endpoint }): void {
    if (failed !== this.lease || this.closed || (!leader && performance.now() < this.notBefore)) return;
    this.notBefore = performance.now() + pauseMs[this.purpose];
    this.failures++;
    const { client } = failed;
    if (this.purpose === 'read' || !canDropChannel(client)) this.replace(client, reason);
    else {
      this.lease = { client, hasWorked: false };
      const waitMs = /discover/.test(reason) ? probeMsMax : channelMsMax;
      this.ready = dropChannel(client, waitMs, leader).catch(() => undefined);
      this.tell(reason);
    }
  }

  /** Does any node answer? */
  private async isAnswered(): Promise<boolean> {
    const lease = await this.take();
    const failure = await answered(lease.client.appendRecords([], []), probeMsMax).then(() => undefined, failureOf);
    if (!failure || failure.kind === 'final') return true;
    this.reconnect(lease, { reason: failure.kind });
    return false;
  }

  /**
   * Reads go through a part of the client that stays with its node and can't be told to look for another. What it held is not given back, so in a
   * long outage none is made before some node answers.
   */
  private replace(client: KurrentDBClient, reason: string): void {
    const swap = (): void => {
      if (this.closed) return;
      this.lease = undefined;
      letGo(client);
      this.tell(reason);
    };
    if (this.purpose !== 'read' || this.failures <= replacementsMax) return swap();
    this.probe ??= new ClientSlot(this.connection, 'probe', this.onReconnected);
    this.ready = this.probe.isAnswered().then((isAnswered) => (isAnswered ? swap() : undefined));
  }

  private tell(reason: string): void {
    this.count++;
    this.onReconnected({ purpose: this.purpose, reason, count: this.count });
  }

  close(): void {
    this.closed = true;
    this.probe?.close();
    if (this.lease) letGo(this.lease.client);
  }
}

/** What the client does not show and has no other means for. */
interface Inside {
  readonly getChannel: () => Promise<Channel>;
  readonly handleError: (client: { getChannel: () => Channel }, error: Error) => Promise<void>;
}

interface Channel {
  close(): void;
}

function canDropChannel(client: KurrentDBClient): boolean {
  const { getChannel, handleError } = client as unknown as Partial<Inside>;
  return typeof getChannel === 'function' && typeof handleError === 'function';
}

/**
 * As the client does by itself when a node is unavailable: with the next call it looks for the leader, at the failed node last. After it found none
 * it has to be done as well: it would go on answering with that failure, so it has to find one and drop it. To a leader that is named it goes at once.
 */
async function dropChannel(client: KurrentDBClient, waitMs: number, leader?: Endpoint): Promise<void> {
  const { getChannel, handleError } = client as unknown as Inside;
  const channel = await answered(getChannel(), waitMs);
  await handleError({ getChannel: () => channel }, leader ? notLeader(leader) : new UnavailableError());
}

/** As the client makes it of what a node says. */
function notLeader({ address, port }: Endpoint): NotLeaderError {
  const metadata = { 'leader-endpoint-host': address, 'leader-endpoint-port': `${port}` };
  return new NotLeaderError({ metadata } as unknown as ConstructorParameters<typeof NotLeaderError>[0]);
}

/** Ends its streams and closes its connection. */
function letGo(client: KurrentDBClient): void {
  const { getChannel } = client as unknown as Partial<Inside>;
  void client
    .dispose()
    .then(getChannel)
    .then((channel) => channel?.close())
    // It never found a node: there is nothing to close.
    .catch(() => undefined);
}
