/** A gate as it stood when its pool or deployment was decommissioned: then each was met or waived. */
export interface GateSnapshot {
  readonly gate: string;
  readonly kind: 'computed' | 'attested';
  readonly status: 'met' | 'waived';
  /** What was attested, or the waiver's reason; null for a computed gate. */
  readonly evidence: string | null;
  /** When the waiver would have lapsed. */
  readonly expiresAt: string | null;
}
