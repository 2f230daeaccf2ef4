import type { Refusal } from './problem.js';

export const generations = ['ocs-2007-r2', 'lync-2010', 'lync-2013'] as const;
export type Generation = (typeof generations)[number];
export const clients = ['lync-2013', 'group-chat-2010', 'group-chat-2007-r2'] as const;
export type Client = (typeof clients)[number];
export const roles = ['operator', 'approver', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];
export type Status = 'active' | 'sealed' | 'decommissioned';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number;
}

export interface UserCounts {
  readonly homed: number;
  readonly enabled: number;
  readonly ready: number;
}

export interface Deployment {
  readonly deployment: string;
  readonly name: string | null;
  readonly generation: Generation;
  readonly homedOn: string;
  readonly site: string;
  readonly status: Status;
  readonly users: UserCounts;
  readonly content: { categories: number; rooms: number; addIns: number; excludedRooms: number };
  readonly clients: Readonly<Record<Client, number>>;
  readonly legacyEndpoints: readonly string[];
  readonly migration: string | null;
  readonly openGates: readonly string[];
}

export interface Pool {
  readonly pool: string;
  readonly generation: Generation;
  readonly site: string;
  readonly status: Status;
  readonly users: UserCounts;
  readonly deployments: readonly string[];
  readonly openGates: readonly string[];
}

export interface Site {
  readonly site: string;
  readonly pools: readonly string[];
  readonly policy: { readonly enabled: boolean } | null;
}

export type NotReady = 'client.not-homed-on-2013' | 'client.policy-disabled';

export interface User {
  readonly user: string;
  readonly displayName: string | null;
  readonly guid: string | null;
  readonly pool: string | null;
  readonly site: string | null;
  readonly generation: Generation | null;
  readonly granted: string | null;
  readonly effectivePolicy: { readonly policy: string; readonly enabled: boolean };
  readonly ready: boolean;
  readonly notReady: readonly NotReady[];
  readonly clients: readonly { client: Client; deployment: string; since: string }[];
  readonly retired: boolean;
}

export interface UserAccess {
  readonly user: string;
  readonly access: readonly {
    readonly client: Client;
    readonly deployment: string;
    readonly reachable: boolean;
    readonly refusals: readonly Refusal[];
  }[];
}

export interface Policy {
  readonly policy: string;
  readonly enabled: boolean;
  readonly granted: number;
  readonly effectiveFor: number;
}

interface CarriedOver {
  readonly carriedOverFrom: { readonly deployment: string; readonly name: string } | null;
}

export interface Category extends CarriedOver {
  readonly deployment: string;
  readonly category: string;
  readonly parent: string | null;
  readonly invitations: boolean | null;
  readonly fileUpload: boolean | null;
  readonly chatHistory: boolean | null;
  readonly rooms: number;
}

export interface Room extends CarriedOver {
  readonly deployment: string;
  readonly room: string;
  readonly category: string;
  readonly type: 'normal' | 'auditorium';
  readonly privacy: 'open' | 'closed' | 'secret';
  readonly addIn: string | null;
  readonly excluded: boolean;
}

export interface AddIn extends CarriedOver {
  readonly deployment: string;
  readonly addIn: string;
  readonly url: string;
  readonly rooms: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export type GateStatus = 'met' | 'not-met' | 'waived' | 'unknown';

export interface Gate {
  readonly gate: string;
  readonly kind: 'computed' | 'attested';
  readonly status: GateStatus;
  readonly count: number;
  readonly offenders: readonly string[];
  readonly evidence: string | null;
  readonly by: Person | null;
  readonly at: string | null;
  readonly expiresAt: string | null;
}

export interface Gates {
  readonly subject: string;
  readonly gates: readonly Gate[];
}

export interface Change {
  readonly subject: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export type Outcome = 'done' | 'refused' | 'denied';

export interface TimelineItem {
  readonly position: string;
  readonly at: string;
  readonly actor: Person & { readonly via: string };
  readonly command: string;
  readonly outcome: Outcome;
  readonly subjects: readonly string[];
  readonly summary: string;
  readonly changes: readonly Change[];
  /** How many there are beyond those shown. */
  readonly more: { readonly subjects: number; readonly changes: number } | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly refusals: readonly Refusal[];
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly run: string | null;
  readonly events: readonly string[];
}

export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
  readonly recordedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface DiffItem {
  readonly subject: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

export interface RunCounts {
  readonly done: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly invalid: number;
}

export type RunState = 'running' | 'paused' | 'stopped' | 'done';

export interface SentFile {
  /** What its sender calls it; null where they did not say. */
  readonly name: string | null;
  readonly size: number;
  readonly sha256: string;
}

export interface Run {
  readonly run: string;
  readonly kind: string;
  readonly file: SentFile;
  readonly state: RunState;
  readonly total: number | null;
  readonly processed: number;
  readonly counts: RunCounts;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly ratePerSecond: number | null;
  readonly etaSecondsMin: number | null;
  readonly etaSecondsMax: number | null;
  readonly stuck: { readonly since: string; readonly because: string | null } | null;
  readonly by: Person;
}

export interface RunRow {
  readonly line: number;
  readonly outcome: keyof RunCounts;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string | null;
  readonly refusals: readonly Refusal[];
}

export interface Projection {
  readonly projection: string;
  readonly version: number;
  readonly position: string;
  readonly lagEvents: number;
  readonly lagSeconds: number;
  readonly state: 'live' | 'rebuilding' | 'failed';
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly ratePerSecond: number;
    readonly etaSeconds: number | null;
  } | null;
  /** Why it failed. */
  readonly failure: { readonly position: string; readonly type: string; readonly error: string } | null;
}

export interface Token {
  readonly token: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly issuedAt: string;
  readonly issuedBy: Person;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface Who {
  readonly token: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly expiresAt: string | null;
}

export interface CommandAnswer {
  readonly outcome: 'done' | 'unchanged' | 'refused';
  readonly plan?: boolean;
  readonly position: string | null;
  readonly events: readonly Pick<RecordedEvent, 'type' | 'stream' | 'data'>[];
  readonly refusals?: readonly Refusal[];
  /** Of IssueToken alone. */
  readonly token?: string;
  readonly secret?: string;
}

export interface Plan {
  readonly plan: string;
  readonly hash: string;
  readonly position: string;
  readonly kind: string;
  readonly state: 'open' | 'applied' | 'expired';
  readonly command: string | null;
  readonly fields: Readonly<Record<string, unknown>> | null;
  readonly for: { readonly users: Readonly<Record<string, string>> } | null;
  readonly file: SentFile | null;
  readonly total: number;
  readonly counts: RunCounts;
  readonly reasons: readonly { readonly rule: string; readonly count: number }[];
  /** What would be recorded, by type. */
  readonly events: Readonly<Record<string, number>>;
  readonly by: Person;
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly run: string | null;
}

export interface PlanRow {
  readonly row: number;
  readonly line: number | null;
  readonly outcome: keyof RunCounts;
  readonly subject: string | null;
  readonly changes: readonly Change[];
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string | null;
  readonly refusals: readonly Refusal[];
}

export type StepStatus = 'done' | 'next' | 'blocked' | 'skipped';

export interface Finding {
  readonly subject: string;
  readonly finding: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly detail: string;
  readonly count: number;
  readonly offenders: readonly string[];
  readonly resolve: readonly string[];
  readonly status: 'open' | 'resolved' | 'waived';
  readonly by: Person | null;
  readonly at: string | null;
  readonly expiresAt: string | null;
}

export interface Migration {
  readonly migration: string;
  readonly source: string;
  readonly target: string;
  readonly state: string;
  readonly steps: readonly {
    readonly step: string;
    readonly status: StepStatus;
    readonly at: string | null;
    readonly by: Person | null;
    readonly evidence: string | null;
    readonly missing: readonly string[];
  }[];
  readonly findings: readonly Finding[];
  readonly carriedOver: {
    readonly categories: number;
    readonly rooms: number;
    readonly addIns: number;
    readonly clashes: number;
    readonly clashNames: readonly string[];
  };
  readonly rolledBack: { readonly at: string; readonly by: Person; readonly reason: string | null } | null;
}
