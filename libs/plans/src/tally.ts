import type { RowCounts, RowOutcome } from '#runs';
import type { PlannedRow } from './planned-rows.js';

/** Counts over the rows of a plan. */
export class Tally {
  private readonly outcomes: Record<RowOutcome, number> = { done: 0, unchanged: 0, refused: 0, invalid: 0 };
  private readonly rules = new Map<string, number>();
  private readonly types = new Map<string, number>();

  add({ outcome, refusals = [], events = [] }: Pick<PlannedRow, 'outcome' | 'refusals' | 'events'>): void {
    this.outcomes[outcome]++;
    for (const rule of new Set(refusals.map(({ rule }) => rule))) this.rules.set(rule, (this.rules.get(rule) ?? 0) + 1);
    for (const { type } of events) this.types.set(type, (this.types.get(type) ?? 0) + 1);
  }

  get counts(): RowCounts {
    return { ...this.outcomes };
  }

  /** Rows by rule, the most frequent first. */
  get reasons(): readonly { readonly rule: string; readonly count: number }[] {
    return Array.from(this.rules, ([rule, count]) => ({ rule, count })).toSorted(
      (a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1),
    );
  }

  get events(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.types);
  }
}
