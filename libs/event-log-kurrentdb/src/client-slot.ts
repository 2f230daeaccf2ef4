import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { type Connection, newClient } from './connection.js';

/** What a client is for. Each has its own, so that one's end disturbs no other. */
export type Purpose = 'append' | 'read' | 'follow';

/** A client was given up for a new one. */
export interface Replacement {
  readonly purpose: Purpose;
  readonly reason: string;
  /** How many were replaced so far. Each that has read keeps one file descriptor for good. */
  readonly count: number;
}

/**
 * The client in use. After a failover a client can stay with a node that is dead or no longer the leader for as long as it lives; a
 * new one finds the leader at once.
 */
export class ClientSlot {
  private client: KurrentDBClient | undefined;
  private replaced = 0;
  private closed = false;

  constructor(
    private readonly connection: Connection,
    private readonly purpose: Purpose,
    private readonly onReplaced: (replacement: Replacement) => void,
  ) {}

  get current(): KurrentDBClient {
    this.client ??= newClient(this.connection);
    return this.client;
  }

  /** Gives up the client that failed; nothing happens where another caller did so before. */
  replace(failed: KurrentDBClient, reason: string): void {
    if (failed !== this.client || this.closed) return;
    this.client = undefined;
    this.replaced++;
    this.onReplaced({ purpose: this.purpose, reason, count: this.replaced });
    letGo(failed);
  }

  close(): void {
    this.closed = true;
    if (this.client) letGo(this.client);
  }
}

/** Ends its streams and closes its connection: the client has no means of its own for the latter. */
function letGo(client: KurrentDBClient): void {
  const { getChannel } = client as unknown as { getChannel: () => Promise<{ close(): void }> };
  void client
    .dispose()
    .then(getChannel)
    .then((channel) => channel.close())
    // It never found a node: there is nothing to close.
    .catch(() => undefined);
}
