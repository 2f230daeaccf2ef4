/** A fact in the past tense. `data` holds JSON values only. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** Why a command was refused: a rule id of the contract, a sentence for a person, and the facts the rule names. */
export interface Refusal {
  readonly rule: string;
  readonly detail: string;
  readonly [fact: string]: unknown;
}

/** What a decider says: the events to record (none: the fact already holds), or every rule that says no. */
export type Decision<E extends DomainEvent = DomainEvent> = readonly E[] | Refused;

export class Refused {
  constructor(
    readonly refusals: readonly Refusal[],
    /** What is recorded together with the refusal, such as a door that is opened again. */
    readonly alongside: readonly Write[] = [],
  ) {}
}

/** One stream's kind: its events, its state and how the one becomes the other. */
export interface StreamType<S, E extends DomainEvent> {
  /** First part of the stream's name; `<category>-<id>`, lower-case. */
  readonly category: string;
  readonly initial: S;
  /** Pure; cannot fail; never mutates `state`. */
  evolve(state: S, event: E): S;
}

/** A stream of a known type. `name` is lower-case. */
export interface StreamRef<S = unknown, E extends DomainEvent = DomainEvent> {
  readonly type: StreamType<S, E>;
  readonly name: string;
}

export function streamOf<S, E extends DomainEvent>(type: StreamType<S, E>, id: string): StreamRef<S, E> {
  return { type, name: `${type.category}-${id.toLowerCase()}` };
}

/** Events for one stream. */
export interface Write {
  readonly stream: StreamRef<never, never>;
  readonly events: readonly DomainEvent[];
}

/**
 * A handler's answer.
 * `Accepted`: record this (nothing: unchanged). `Refused`: the rules that say no.
 * `Prepared`: record this first, in an append of its own, then ask the handler again (see `Transaction.counting`).
 */
export type Outcome = Accepted | Refused | Prepared;

export class Accepted {
  constructor(
    readonly writes: readonly Write[],
    /** Fields beside the usual ones in the answer. `once` is in the first answer only and never stored (a secret). */
    readonly reply: {
      readonly kept?: Readonly<Record<string, unknown>>;
      readonly once?: Readonly<Record<string, unknown>>;
    } = {},
  ) {}
}

export class Prepared {
  constructor(readonly writes: readonly Write[]) {}
}

/** A decision about one stream as a handler's answer, with further writes that go along when it is accepted with events. */
export function outcome<S, E extends DomainEvent>(
  stream: StreamRef<S, E>,
  decision: Decision<E>,
  ...also: readonly Write[]
): Accepted | Refused {
  if (decision instanceof Refused) return decision;
  return decision.length === 0 ? new Accepted([]) : new Accepted([write(stream, ...decision), ...also]);
}

export function write<S, E extends DomainEvent>(stream: StreamRef<S, E>, ...events: readonly E[]): Write {
  return { stream: stream as unknown as StreamRef<never, never>, events };
}

/** The refusals that apply, or undefined where none does: `refusedBy(rule1(), rule2()) ?? [events]`. */
export function refusedBy(...rules: readonly (Refusal | false | undefined | null)[]): Refused | undefined {
  const refusals = rules.filter((rule): rule is Refusal => Boolean(rule));
  return refusals.length > 0 ? new Refused(refusals) : undefined;
}

export function neverEvent(event: never): never {
  throw new Error(`no such event: ${JSON.stringify(event)}`);
}
