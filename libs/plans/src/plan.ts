import { type DomainEvent, describeEvents, type StreamRef, streamOf, type StreamType, subject } from '#kernel';
import type { FileForm, FileFormat, RowCounts, RunParameters } from '#runs';

/** What a plan was asked for. */
export type PlanSource =
  | {
      readonly command: string;
      readonly fields: Readonly<Record<string, unknown>>;
      /** The filters of the view of users, as texts. */
      readonly for: { readonly users: Readonly<Record<string, string>> };
    }
  | { readonly file: { readonly name: string | null; readonly size: number; readonly sha256: string } };

/** It is whole: its rows stand before it, in `planned-<plan>`. */
export type PlanMade = DomainEvent<
  'PlanMade',
  {
    readonly plan: string;
    /** The kind of run that applies it, and what that takes. */
    readonly kind: string;
    readonly parameters: RunParameters;
    readonly source: PlanSource;
    /** How the file of its rows was written, so that what fails is given back in that form. */
    readonly format: FileFormat;
    /** The `#TYPE …` line before the header. */
    readonly typeLine: string | null;
    /** All columns of the file: rows are kept as cells of these, or as objects. */
    readonly columns: readonly string[];
    /** The end of the log before anything was read for it. */
    readonly position: string;
    /** Of everything above and every row, hex: whoever applies it has to name it. */
    readonly hash: string;
    readonly counts: RowCounts;
    /** By rule, the most frequent first. */
    readonly reasons: readonly { readonly rule: string; readonly count: number }[];
    /** What would be recorded, by type. */
    readonly events: Readonly<Record<string, number>>;
    readonly expiresAt: string;
  }
>;

/** A run of its rows was started, in the same append. */
export type PlanApplied = DomainEvent<
  'PlanApplied',
  { readonly plan: string; readonly hash: string; readonly run: string; readonly rows: number }
>;

export type PlanEvent = PlanMade | PlanApplied;

/** A plan as its events tell it. */
export type KnownPlan = PlanMade['data'] & {
  /** The run. */
  readonly appliedBy: string | null;
};
/** Null while unknown. */
export type Plan = KnownPlan | null;

const plans: StreamType<Plan, PlanEvent> = {
  category: 'plan',
  initial: null,
  evolve: (state, event) => {
    switch (event.type) {
      case 'PlanMade':
        return { ...event.data, appliedBy: null };
      case 'PlanApplied':
        return state && { ...state, appliedBy: event.data.run };
      default:
        return event satisfies never;
    }
  },
};

export const planStream = (plan: string): StreamRef<Plan, PlanEvent> => streamOf(plans, plan);

/** Of rows that were in no file. */
export function plainFormat(form: FileForm): FileFormat {
  const plain = { encoding: 'utf-8', bom: false } as const;
  return form === 'csv' ? { form, ...plain, delimiter: ',', newline: '\r\n' } : { form, ...plain };
}

const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;

export const planEvents = describeEvents<PlanEvent>({
  PlanMade: {
    schemaVersion: 2,
    // Rows were kept with those columns alone that their kind reads.
    upcast: { 1: ({ form, ...rest }) => ({ ...rest, format: plainFormat(form as FileForm), typeLine: null }) },
    subjects: ({ plan }) => [subject.plan(plan)],
    say: ({ plan, kind, counts: { done, unchanged, refused, invalid } }) =>
      `planned ${rows(done + unchanged + refused + invalid)} of ${kind} as ${plan}: ${done} to do, ${unchanged} unchanged, ${refused} refused, ${invalid} invalid`,
  },
  PlanApplied: {
    schemaVersion: 1,
    subjects: ({ plan, run }) => [subject.plan(plan), subject.run(run)],
    say: ({ plan, run, rows: count }) => `applied the plan ${plan}, ${rows(count)}, by the run ${run}`,
  },
});
