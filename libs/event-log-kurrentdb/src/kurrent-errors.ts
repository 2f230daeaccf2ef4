import { LogMisuse, LogUnavailable } from '#event-log';

/** gRPC status codes. */
const invalidArgument = 3;
const permissionDenied = 7;
const resourceExhausted = 8;
const failedPrecondition = 9;
const unimplemented = 12;
const unauthenticated = 16;

export const retryAfterSeconds = 2;

/** One check that failed, as the client tells it. */
export interface Violation {
  readonly streamName: string;
  readonly actualState: bigint | 'no_stream';
}

/** Where a node listens. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What an error of the client means for the call that ended with it. */
export type Failure =
  | { readonly kind: 'violation'; readonly violations: readonly Violation[] }
  /** Nothing was written: this node is not the leader. */
  | { readonly kind: 'not-leader'; readonly reason: string; readonly leader?: Endpoint }
  /** Nothing was written; another node or a moment later may do it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody knows whether it was written. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** Nothing was written, and asking again would not help. */
  | { readonly kind: 'final'; readonly error: LogUnavailable | LogMisuse };

/** A call that took longer than it may. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** Before a byte was sent, or by a server that says it did nothing. */
const nothingSent =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|No connection established|Name resolution failed|Failed to discover|has been shut down|not yet ready|currently overloaded/i;

/** By `type` and `code`: the `name` of the client's errors is always "Error". */
export function failureOf(error: unknown): Failure {
  const { type, code, violations } = error as { type?: string; code?: number; violations?: readonly Violation[] };
  const reason = messageOf(error);
  if (type === 'append-consistency-violation') return { kind: 'violation', violations: violations ?? [] };
  if (type === 'stream-tombstoned' || type === 'stream-deleted')
    return final(new LogUnavailable(`a stream was deleted in KurrentDB (${reason}); restore it from a backup`, null));
  if (type === 'append-record-size-exceeded' || type === 'transaction-max-size-exceeded' || code === invalidArgument)
    return final(new LogMisuse(`KurrentDB does not take this append: ${reason}`));
  if (type === 'access-denied' || code === permissionDenied || code === unauthenticated)
    return final(
      new LogUnavailable(`KurrentDB denies access (${reason}); use credentials that may read and write`, null),
    );
  if (type === 'unsupported' || code === unimplemented)
    return final(
      new LogUnavailable(`this KurrentDB is too old for checks on streams that are not written (${reason})`, null),
    );
  // "not the leader" of the second protocol is known by its code alone: the client has no class for it.
  if (type === 'not-leader' || code === failedPrecondition || /NotLeader/.test(reason))
    return { kind: 'not-leader', reason, ...leaderIn(reason) };
  if (code === resourceExhausted || nothingSent.test(reason)) return { kind: 'refused', reason };
  return { kind: 'unanswered', reason };
}

/** The one that a node names: it knows it from the election, and what the nodes tell of each other is up to two seconds old. */
function leaderIn(reason: string): { readonly leader?: Endpoint } {
  const [, address, port] = / directly at \[?([^\s\]]+)\]?:(\d+)$/.exec(reason) ?? [];
  return address === undefined ? {} : { leader: { address, port: Number(port) } };
}

function final(error: LogUnavailable | LogMisuse): Failure {
  return { kind: 'final', error };
}

export function isMissingStream(error: unknown): boolean {
  return (error as { type?: string }).type === 'stream-not-found';
}

/** On one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();
}

export function closed(): LogUnavailable {
  return new LogUnavailable('the event log is closed', null);
}

/** What was stored can't be read back as it was written. */
export function corrupt(where: string, what: string, cause?: unknown): LogUnavailable {
  return new LogUnavailable(`the event log is corrupt ${where}: ${what}; restore KurrentDB from a backup`, null, {
    cause,
  });
}
