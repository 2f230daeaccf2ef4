import type { DomainEvent, StreamRef } from './decision.js';

/**
 * What a handler may know while it decides. Every stream that was loaded is checked, at the revision it was read, in
 * the append that records the decision: what a decision rested on still holds when its events are written.
 */
export interface Transaction {
  /** The stream's state with everything this transaction has decided so far. Resolves at once when cached. */
  load<S, E extends DomainEvent>(stream: StreamRef<S, E>): S | Promise<S>;
  /** UTC, ISO 8601, milliseconds; the same for the whole decision. */
  readonly now: string;
  readonly actor: Actor;
  /** Counts over many streams, from the read models. */
  readonly counting: Counting;
  /** Only a question (`?plan=true`): nothing will be appended, so no door needs closing. */
  readonly planning: boolean;
  /** A fresh secret of 256 random bits, base64url. */
  newSecret(): string;
}

/** Who acts. `id` is a token's id or `system`. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly via: 'api' | 'console' | 'system';
}

export const roles = ['operator', 'approver', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * Counts that no single stream holds. Each answer is at least as new as the log's end was at the call; it may be older than
 * the append that follows. So a rule about a count holds only behind a closed door: an event on the guarded stream after
 * which nobody enters without moving that stream's revision. Then what was counted can only have fallen since.
 */
export interface Counting {
  /** Users not retired whose grant is this `tag:` policy. */
  policyHolders(policy: string): Promise<number>;
  /** Users homed on this pool; offenders are subjects, the first 100. */
  usersHomed(pool: string): Promise<Tally>;
  /** Deployments homed on this pool that are not decommissioned; offenders are subjects (`deployment:…`), all of them. */
  deploymentsHomed(pool: string): Promise<Tally>;
  /** Users connected to this deployment; offenders are subjects, the first 100. */
  clientsConnected(deployment: string): Promise<Tally>;
  /**
   * A deployment other than `not` that has a category, add-in or room of this name (ignoring case); null where none has.
   * It only selects which refusal is told, so it needs no door.
   */
  contentElsewhere(kind: ContentKind, name: string, not: string): Promise<string | null>;
}

export type ContentKind = 'category' | 'add-in' | 'room';

export interface Tally {
  readonly count: number;
  readonly offenders: readonly string[];
}
