import { type KurrentDBClient, UnavailableError } from '@kurrent/kurrentdb-client';
import { type Connection, newClient } from './connection.js';
import { answered } from './patience.js';

/** What a client is for. Each has its own, so that one's end disturbs no other. */
export type Purpose = 'append' | 'read' | 'follow';

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
}

const reconnectMsMax = 1_000;
const pauseMsMin = 250;
const pauseMsMax = { append: pauseMsMin, follow: pauseMsMin, read: 30_000 };

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
  private pauseMs = 0;

  constructor(
    private readonly connection: Connection,
    private readonly purpose: Purpose,
    private readonly onReconnected: (reconnection: Reconnection) => void,
  ) {}

  async take(): Promise<Lease> {
    await this.ready;
    this.lease ??= { client: newClient(this.connection) };
    return this.lease;
  }

  /** It worked: the next reconnection need not wait. */
  works(): void {
    this.pauseMs = 0;
  }

  /**
   * Gives up the connection that failed. Nothing happens where another caller did so before, or where it was done just now. In a long outage
   * it is done less and less often for reads: there it is not free.
   */
  reconnect(failed: Lease, reason: string): void {
    if (failed !== this.lease || this.closed || performance.now() < this.notBefore) return;
    this.pauseMs = Math.min(this.pauseMs * 2 || pauseMsMin, pauseMsMax[this.purpose]);
    this.notBefore = performance.now() + this.pauseMs;
    this.count++;
    const { client } = failed;
    // Reads go through a part of the client that can only be replaced; all else through a channel that it can drop.
    if (this.purpose === 'read' || !canDropChannel(client)) {
      this.lease = undefined;
      letGo(client);
    } else {
      this.lease = { client };
      this.ready = answered(dropChannel(client), reconnectMsMax).catch(() => undefined);
    }
    this.onReconnected({ purpose: this.purpose, reason, count: this.count });
  }

  close(): void {
    this.closed = true;
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

/** As the client does by itself when a node is unavailable: with the next call it looks for the leader, at the failed node last. */
async function dropChannel(client: KurrentDBClient): Promise<void> {
  const { getChannel, handleError } = client as unknown as Inside;
  const channel = await getChannel();
  await handleError({ getChannel: () => channel }, new UnavailableError());
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
