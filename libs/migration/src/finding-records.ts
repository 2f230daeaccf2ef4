import {
  type Decision,
  neverEvent,
  Refused,
  refusedBy,
  type StreamRef,
  streamOf,
  type StreamType,
  type Subject,
} from '#kernel';
import type { FindingEvent, FindingResolved, FindingWaived } from './events.js';
import type { FindingDefinition } from './findings.js';

/** Who said it and when; null where only what was said matters. */
interface Said {
  readonly by: { readonly id: string; readonly name: string } | null;
  readonly at: string | null;
}

/** The last resolution and the last waiver of a finding, and which of them came last. */
export interface FindingRecord {
  readonly resolved: (Said & { readonly resolution: string }) | null;
  /** It holds before `expiresAt`; null: for good. */
  readonly waived: (Said & { readonly reason: string; readonly expiresAt: string | null }) | null;
  readonly last: 'resolved' | 'waived';
}

/** What is on record after one more event. A view passes who recorded it and when. */
export function recordFinding(
  record: FindingRecord | undefined,
  event: FindingEvent,
  said: Said = { by: null, at: null },
): FindingRecord {
  const { resolved = null, waived = null } = record ?? {};
  switch (event.type) {
    case 'FindingResolved':
      return { resolved: { resolution: event.data.resolution, ...said }, waived, last: 'resolved' };
    case 'FindingWaived': {
      const { reason, expiresAt } = event.data;
      return { resolved, waived: { reason, expiresAt, ...said }, last: 'waived' };
    }
    default:
      return neverEvent(event);
  }
}

export interface FindingStanding extends Said {
  readonly status: 'open' | 'resolved' | 'waived';
  /** What was done, or why it need not be. */
  readonly words: string | null;
  readonly expiresAt: string | null;
}

/** How a finding that is there stands at `asOf` (UTC, ISO 8601, milliseconds): a waiver that has lapsed leaves what was said before it. */
export function standingOf(record: FindingRecord | undefined, asOf: string): FindingStanding {
  const { resolved = null, waived = null, last } = record ?? {};
  if (last === 'waived' && waived && (waived.expiresAt === null || asOf < waived.expiresAt)) {
    const { reason: words, ...said } = waived;
    return { status: 'waived', words, ...said };
  }
  if (!resolved) return { status: 'open', words: null, by: null, at: null, expiresAt: null };
  const { resolution: words, ...said } = resolved;
  return { status: 'resolved', words, ...said, expiresAt: null };
}

/** By finding. */
export type FindingRecords = ReadonlyMap<string, FindingRecord>;

const records: StreamType<FindingRecords, FindingEvent> = {
  category: 'findings',
  initial: new Map(),
  evolve: (state, event) => new Map(state).set(event.data.finding, recordFinding(state.get(event.data.finding), event)),
};

export const findingsStream = (subject: Subject): StreamRef<FindingRecords, FindingEvent> => streamOf(records, subject);

/** The findings that its subject can have; empty where the subject is unknown, or nothing that has any. */
export type FindingsThere = readonly FindingDefinition[];

interface FindingOfSubject {
  readonly subject: Subject;
  readonly finding: string;
}

export function resolveFinding(
  state: FindingRecords,
  there: FindingsThere,
  wanted: FindingOfSubject & { readonly resolution: string },
): Decision<FindingResolved> {
  const { subject, finding, resolution } = wanted;
  const known = knownAmong(there, wanted);
  if (known instanceof Refused) return known;
  const refused = refusedBy(
    known.kind === 'computed' && {
      rule: 'finding.computed',
      detail: `the finding ${finding} is computed from what is recorded: it goes when its fact goes`,
    },
  );
  if (refused) return refused;
  const record = state.get(finding);
  if (record?.last === 'resolved' && record.resolved?.resolution === resolution) return [];
  return [{ type: 'FindingResolved', data: { subject, finding, resolution } }];
}

/** What is not there cannot be waived: the waiver would lie in wait for a fact that nobody has seen. */
export function waiveFinding(
  state: FindingRecords,
  there: FindingsThere,
  wanted: FindingOfSubject & { readonly reason: string; readonly expiresAt?: string; readonly holds: boolean },
): Decision<FindingWaived> {
  const { subject, finding, reason, expiresAt = null, holds } = wanted;
  const known = knownAmong(there, wanted);
  if (known instanceof Refused) return known;
  const refused = refusedBy(
    !known.waivable && {
      rule: 'finding.not-waivable',
      detail: `the finding ${finding} cannot be waived: ${known.resolve.join('; ')}`,
    },
    known.waivable &&
      !holds && {
        rule: 'finding.unknown',
        detail: `${subject} has no finding ${finding} now: waive it once it is there and has been looked at`,
      },
  );
  if (refused) return refused;
  const record = state.get(finding);
  if (record?.last === 'waived' && record.waived?.reason === reason && record.waived.expiresAt === expiresAt) return [];
  return [{ type: 'FindingWaived', data: { subject, finding, reason, expiresAt } }];
}

function knownAmong(there: FindingsThere, { subject, finding }: FindingOfSubject): FindingDefinition | Refused {
  const known = there.find((definition) => definition.finding === finding);
  if (known) return known;
  const names = there.map((definition) => definition.finding).join(', ');
  return new Refused([
    {
      rule: 'finding.unknown',
      detail: `${subject} can have no finding ${finding}; ${names === '' ? 'it is unknown, or has none' : `its findings are ${names}`}`,
    },
  ]);
}
