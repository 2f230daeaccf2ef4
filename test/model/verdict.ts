import type { ModelEvent } from './apply.js';

/** A rule that says no, with the facts the contract names. */
export interface ModelRefusal {
  readonly rule: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface Verdict {
  readonly outcome: 'done' | 'unchanged' | 'refused';
  readonly refusals: readonly ModelRefusal[];
  readonly events: readonly ModelEvent[];
}

export type Fields = Readonly<Record<string, any>>;

type Rules = readonly (ModelRefusal | string | false | undefined | null)[];

/**
 * Contract §2: a fact that already holds is `unchanged`, but a rule that names the state or the kind that a thing is in
 * (`always`) says no all the same; the others (`unlessHeld`) only to what would change something.
 */
export function judge(rules: { always: Rules; unlessHeld?: Rules; events: readonly ModelEvent[] }): Verdict {
  const always = told(rules.always);
  const held = rules.events.length === 0;
  const refusals = held ? always : [...always, ...told(rules.unlessHeld ?? [])];
  if (refusals.length > 0) return { outcome: 'refused', refusals, events: [] };
  return { outcome: held ? 'unchanged' : 'done', refusals: [], events: rules.events };
}

function told(rules: Rules): ModelRefusal[] {
  return rules
    .filter((rule) => rule !== false && rule != null)
    .map((rule) => (typeof rule === 'string' ? { rule } : rule));
}

export const event = (type: string, data: Record<string, unknown>): ModelEvent => ({ type, data });
