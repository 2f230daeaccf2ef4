import { subject, type Tally } from '#kernel';
import type { GateSnapshot } from '#topology';
import type { Attestation, GateRecord, GateRecords } from './gate-records.js';

/**
 * What has to hold before a legacy pool or deployment may go (`domain.md` §6). A computed gate is met when the tally of
 * what stands in its way is empty; an attested one when somebody has said so, or has waived it.
 */
export type GateDefinition<Facts> = {
  readonly name: string;
  readonly title: string;
} & ({ readonly kind: 'computed'; readonly inTheWay: (facts: Facts) => Tally } | { readonly kind: 'attested' });

export interface PoolFacts {
  readonly pool: string;
  readonly sealed: boolean;
  readonly usersHomed: Tally;
  readonly deploymentsHomed: Tally;
}

export const poolGates: readonly GateDefinition<PoolFacts>[] = [
  { name: 'users-gone', title: 'No user is homed on it', kind: 'computed', inTheWay: ({ usersHomed }) => usersHomed },
  {
    name: 'deployments-gone',
    title: 'No deployment is homed on it that is not decommissioned',
    kind: 'computed',
    inTheWay: ({ deploymentsHomed }) => deploymentsHomed,
  },
  {
    name: 'sealed',
    title: 'It is sealed',
    kind: 'computed',
    inTheWay: ({ pool, sealed }) => unless(sealed, subject.pool(pool)),
  },
  { name: 'contact-objects-moved', title: 'Its contact objects are moved', kind: 'attested' },
  { name: 'conference-directories-moved', title: 'Its conference directories are moved', kind: 'attested' },
  { name: 'central-management-moved', title: 'Central management is moved away from it', kind: 'attested' },
  { name: 'call-admission-rehosted', title: 'Call admission control is hosted elsewhere', kind: 'attested' },
  { name: 'dns-records-updated', title: 'The DNS records no longer lead to it', kind: 'attested' },
];

export interface DeploymentFacts {
  readonly deployment: string;
  readonly sealed: boolean;
  readonly holdsContent: boolean;
  readonly migrationCompleted: boolean;
  /** Rooms neither excluded nor carried over. */
  readonly roomsUnaccounted: Tally;
  readonly clientsConnected: Tally;
}

export const deploymentGates: readonly GateDefinition<DeploymentFacts>[] = [
  {
    name: 'migrated',
    title: 'Its migration is completed, or it holds no content',
    kind: 'computed',
    inTheWay: ({ deployment, migrationCompleted, holdsContent }) =>
      unless(migrationCompleted || !holdsContent, subject.deployment(deployment)),
  },
  {
    name: 'rooms-accounted',
    title: 'Every room is excluded or carried over',
    kind: 'computed',
    inTheWay: ({ roomsUnaccounted }) => roomsUnaccounted,
  },
  {
    name: 'clients-gone',
    title: 'Nobody is connected to it',
    kind: 'computed',
    inTheWay: ({ clientsConnected }) => clientsConnected,
  },
  {
    name: 'sealed',
    title: 'It is sealed',
    kind: 'computed',
    inTheWay: ({ deployment, sealed }) => unless(sealed, subject.deployment(deployment)),
  },
  { name: 'group-chat-uninstalled', title: 'Group Chat is uninstalled from its servers', kind: 'attested' },
  { name: 'trusted-application-removed', title: 'Its trusted application and pool are removed', kind: 'attested' },
  { name: 'backup-kept', title: 'A backup of its database is kept', kind: 'attested' },
];

const nothing: Tally = { count: 0, offenders: [] };
const unless = (met: boolean, itself: string): Tally => (met ? nothing : { count: 1, offenders: [itself] });

/** A gate as it stands at a moment (`contract.md` §3, `/api/gates/:subject`). */
export interface Gate {
  readonly gate: string;
  readonly kind: 'computed' | 'attested';
  readonly status: 'met' | 'not-met' | 'waived' | 'unknown';
  readonly count: number;
  readonly offenders: readonly string[];
  /** What was attested, or the reason of the waiver. */
  readonly evidence: string | null;
  readonly by: Attestation['by'];
  readonly at: string | null;
  readonly expiresAt: string | null;
}

const offendersMax = 100;

/** The gates as they stand at `asOf` (UTC, ISO 8601, milliseconds): the one rule for handlers and views. */
export function gatesOf<Facts>(
  definitions: readonly GateDefinition<Facts>[],
  facts: Facts,
  records: GateRecords,
  asOf: string,
): readonly Gate[] {
  return definitions.map((definition) => {
    const { name: gate, kind } = definition;
    if (kind === 'attested') return { gate, kind, ...nothing, ...attestedStanding(records.get(gate), asOf) };
    const { count, offenders } = definition.inTheWay(facts);
    const status = count === 0 ? 'met' : 'not-met';
    return { gate, kind, status, count, offenders: offenders.slice(0, offendersMax), ...unsaid };
  });
}

type Standing = Pick<Gate, 'status' | 'evidence' | 'by' | 'at' | 'expiresAt'>;
const unsaid = { evidence: null, by: null, at: null, expiresAt: null } as const;

/** What was said last counts; a waiver that has lapsed leaves what was attested before it. */
function attestedStanding(record: GateRecord | undefined, asOf: string): Standing {
  if (!record) return { status: 'unknown', ...unsaid };
  const { attested, waived, last } = record;
  if (last === 'waived' && waived && (waived.expiresAt === null || asOf < waived.expiresAt)) {
    const { reason, by, at, expiresAt } = waived;
    return { status: 'waived', evidence: reason, by, at, expiresAt };
  }
  return attested ? { status: 'met', ...attested, expiresAt: null } : { status: 'unknown', ...unsaid };
}

/** The names of those that keep their subject from being decommissioned. */
export function openGates(gates: readonly Gate[]): readonly string[] {
  return gates.filter(({ status }) => status === 'not-met' || status === 'unknown').map(({ gate }) => gate);
}

/** Gates none of which is open, as the event of a decommissioning keeps them. */
export function snapshotOf(gates: readonly Gate[]): readonly GateSnapshot[] {
  return gates.map(({ gate, kind, status, evidence, expiresAt }) => ({
    gate,
    kind,
    status: status === 'waived' ? 'waived' : 'met',
    evidence,
    expiresAt,
  }));
}
