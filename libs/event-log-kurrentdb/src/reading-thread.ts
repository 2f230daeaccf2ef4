import { LogUnavailable, type Position } from '#event-log';
import { ClientSlot, type Reconnection } from './client-slot.js';
import { parseConnection } from './connection.js';
import { messageOf } from './kurrent-errors.js';
import { type Cursor, KurrentReads } from './kurrent-reads.js';
import { packed, type Parcel } from './parcel.js';

/** So many may wait for their reader, of 128 events each: enough that neither thread waits for the other's every pause. */
const parcelsMax = 8;
const aliveEveryMs = 1000;

/** What a thread that reads the log for another one is told when it is made. */
export interface Reading {
  readonly connectionString: string;
  readonly after: Position;
  readonly patienceMs: number | undefined;
}

export interface ToReading {
  /** `taken`: one parcel fewer is waiting. */
  readonly kind: 'taken' | 'stop';
}

export type FromReading =
  | { readonly kind: 'parcel'; readonly parcel: Parcel }
  | { readonly kind: 'reconnected'; readonly reconnection: Reconnection }
  /** Each second, unless enough parcels are waiting. */
  | { readonly kind: 'alive' }
  /** Everything was sent that was there, up to this position. */
  | { readonly kind: 'end'; readonly position: Position }
  /** `retryAfterSeconds` is that of a `LogUnavailable`, and undefined for any other error. */
  | { readonly kind: 'failed'; readonly message: string; readonly retryAfterSeconds: number | null | undefined };

/** What a `MessagePort` and a `Worker` have in common. */
export interface ReadingPort<In, Out> {
  postMessage(message: Out, moved?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: In) => void): unknown;
}

/** Reads to the end of the log, as far ahead as it may, until `port` says stop. */
export async function runReading(
  port: ReadingPort<ToReading, FromReading>,
  { connectionString, after, patienceMs }: Reading,
): Promise<void> {
  const connection = parseConnection(connectionString);
  const slot = new ClientSlot(connection, 'read', (reconnection) =>
    port.postMessage({ kind: 'reconnected', reconnection }),
  );
  const reads = new KurrentReads(slot, connection.hosts, { patienceMs });
  const cursor: Cursor = { position: after };
  let waiting = 0;
  let changed = (): void => undefined;
  const isFarAhead = (): boolean => waiting >= parcelsMax && !reads.ended.aborted;
  const beating = setInterval(() => {
    if (!isFarAhead()) port.postMessage({ kind: 'alive' });
  }, aliveEveryMs);
  port.on('message', ({ kind }) => {
    if (kind === 'taken') waiting--;
    else reads.close();
    changed();
  });
  try {
    for await (const page of reads.recordsAfter(cursor)) {
      const parcel = packed(page);
      port.postMessage({ kind: 'parcel', parcel }, [parcel.data.buffer]);
      waiting++;
      while (isFarAhead())
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
    }
    port.postMessage({ kind: 'end', position: cursor.position });
  } catch (error) {
    const retryAfterSeconds = error instanceof LogUnavailable ? error.retryAfterSeconds : undefined;
    port.postMessage({ kind: 'failed', message: messageOf(error), retryAfterSeconds });
  } finally {
    clearInterval(beating);
    reads.close();
  }
}
