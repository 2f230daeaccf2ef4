import {
  type Decision,
  describeEvents,
  type DomainEvent,
  type Refusal,
  Refused,
  type StreamRef,
  streamOf,
  type StreamType,
  type Subject,
} from '#kernel';

export type GateAttested = DomainEvent<
  'GateAttested',
  { readonly subject: Subject; readonly gate: string; readonly evidence: string }
>;
export type GateWaived = DomainEvent<
  'GateWaived',
  { readonly subject: Subject; readonly gate: string; readonly reason: string; readonly expiresAt: string | null }
>;
export type GateEvent = GateAttested | GateWaived;

export const gateEvents = describeEvents<GateEvent>({
  GateAttested: {
    schemaVersion: 1,
    subjects: ({ subject }) => [subject],
    say: ({ subject, gate, evidence }) => `attested the gate ${gate} of ${subject}: ${evidence}`,
  },
  GateWaived: {
    schemaVersion: 1,
    subjects: ({ subject }) => [subject],
    say: ({ subject, gate, reason, expiresAt }) =>
      `waived the gate ${gate} of ${subject}${expiresAt === null ? '' : ` until ${expiresAt}`}: ${reason}`,
  },
});

/** Who said it and when; null where only what was said matters. */
interface Said {
  readonly by: { readonly id: string; readonly name: string } | null;
  readonly at: string | null;
}

export interface Attestation extends Said {
  readonly evidence: string;
}

export interface Waiver extends Said {
  readonly reason: string;
  /** It holds before this instant; null: for good. */
  readonly expiresAt: string | null;
}

/** The last attestation and the last waiver of a gate, and which of them came last. */
export interface GateRecord {
  readonly attested: Attestation | null;
  readonly waived: Waiver | null;
  readonly last: 'attested' | 'waived';
}

/** By gate. */
export type GateRecords = ReadonlyMap<string, GateRecord>;

/** What is on record after one more event. A view passes who recorded it and when. */
export function recordGate(
  record: GateRecord | undefined,
  event: GateEvent,
  said: Said = { by: null, at: null },
): GateRecord {
  const { attested = null, waived = null } = record ?? {};
  if (event.type === 'GateAttested')
    return { attested: { evidence: event.data.evidence, ...said }, waived, last: 'attested' };
  const { reason, expiresAt } = event.data;
  return { attested, waived: { reason, expiresAt, ...said }, last: 'waived' };
}

const records: StreamType<GateRecords, GateEvent> = {
  category: 'gates',
  initial: new Map(),
  evolve: (state, event) => new Map(state).set(event.data.gate, recordGate(state.get(event.data.gate), event)),
};

export const gatesStream = (subject: Subject): StreamRef<GateRecords, GateEvent> => streamOf(records, subject);

/** The gates that a subject has, by name; or why it can have none. */
export type GatesThere = ReadonlyMap<string, 'computed' | 'attested'> | Refusal;

interface GateOf {
  readonly subject: Subject;
  readonly gate: string;
}

export function attestGate(
  state: GateRecords,
  there: GatesThere,
  { subject, gate, evidence }: GateOf & { readonly evidence: string },
): Decision<GateAttested> {
  const refused = notAttested(there, { subject, gate }, 'gate.computed', 'nobody can attest it');
  if (refused) return refused;
  const record = state.get(gate);
  if (record?.last === 'attested' && record.attested?.evidence === evidence) return [];
  return [{ type: 'GateAttested', data: { subject, gate, evidence } }];
}

export function waiveGate(
  state: GateRecords,
  there: GatesThere,
  wanted: GateOf & { readonly reason: string; readonly expiresAt?: string },
): Decision<GateWaived> {
  const { subject, gate, reason, expiresAt = null } = wanted;
  const refused = notAttested(there, wanted, 'gate.not-waivable', 'it cannot be waived');
  if (refused) return refused;
  const record = state.get(gate);
  if (record?.last === 'waived' && record.waived?.reason === reason && record.waived.expiresAt === expiresAt) return [];
  return [{ type: 'GateWaived', data: { subject, gate, reason, expiresAt } }];
}

function notAttested(there: GatesThere, { subject, gate }: GateOf, rule: string, so: string): Refused | undefined {
  if (!(there instanceof Map)) return new Refused([there as Refusal]);
  const kind = there.get(gate);
  if (kind === 'attested') return undefined;
  if (kind === 'computed')
    return new Refused([{ rule, detail: `the gate ${gate} of ${subject} is computed from what is recorded; ${so}` }]);
  const names = [...there.keys()].join(', ') || 'none: only a legacy pool or deployment has any';
  return new Refused([{ rule: 'gate.unknown', detail: `${subject} has no gate ${gate}; its gates are ${names}` }]);
}
