import {
  type DomainEvent,
  describeEvents,
  type Refusal,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
} from '#kernel';
import type { FileFormat } from './row-scanner.js';
import type { RunParameters } from './run-kind.js';

export type RowOutcome = 'done' | 'unchanged' | 'refused' | 'invalid';
export type RowCounts = Readonly<Record<RowOutcome, number>>;

/** A row that was refused or invalid: where it stands in the file, and what would be right. */
export interface FailedRow {
  readonly line: number;
  readonly outcome: 'refused' | 'invalid';
  /** The column at fault; null where it is the row as a whole, or rules said no. */
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
  readonly refusals: readonly Refusal[];
}

/** Rows on consecutive file lines that went well: outcome, first line, last line. */
export type Segment = readonly [outcome: 'done' | 'unchanged', first: number, last: number];

interface About {
  readonly run: string;
  readonly kind: string;
  /** Rows of the file. */
  readonly total: number;
}

export type RunStarted = DomainEvent<
  'RunStarted',
  About & {
    readonly file: { readonly name: string | null; readonly size: number; readonly sha256: string };
    readonly format: FileFormat;
    /** Those of the file's columns that the run reads; of JSON lines none. */
    readonly columns: readonly string[];
    readonly parameters: RunParameters;
    /** The plan that it applies, if any. */
    readonly plan?: string;
  }
>;

/** A batch of rows, recorded in the same append as the events of its rows. */
export type RunAdvanced = DomainEvent<
  'RunAdvanced',
  About & {
    /** The last row of the batch, from 1; the header is none. */
    readonly through: number;
    /** Of all rows so far. */
    readonly counts: RowCounts;
    readonly segments: readonly Segment[];
    readonly rows: readonly FailedRow[];
  }
>;

/** What a run's other events say of it: how far it is. */
type Standing = About & { readonly counts: RowCounts };

export type RunFinished = DomainEvent<'RunFinished', Standing>;

/** It cannot go on, or was told not to. What it skipped, and what failed, may be tried again. */
export type RunStopped = DomainEvent<'RunStopped', Standing & { readonly because: string }>;

/** `because` where nobody asked for it: whoever its rows are decided for may act no more. */
export type RunPaused = DomainEvent<'RunPaused', Standing & { readonly because?: string }>;
/** `inPlaceOf`: the token that may act no more; the rows that are left are those of whoever resumed the run. */
export type RunResumed = DomainEvent<'RunResumed', Standing & { readonly inPlaceOf?: string }>;

/** Another pass begins: over the rows that failed or were skipped, which `counts` no longer holds. */
export type RunRetried = DomainEvent<'RunRetried', Standing>;

export type RunEvent = RunStarted | RunAdvanced | RunFinished | RunStopped | RunPaused | RunResumed | RunRetried;

/** A run as its events tell it. */
export interface KnownRun extends About {
  readonly state: 'running' | 'paused' | 'done' | 'stopped';
  /** The last row that this pass has decided. */
  readonly through: number;
  /** The last row that any earlier pass has decided. Up to here, this pass takes only what failed or was skipped. */
  readonly reached: number;
  readonly counts: RowCounts;
  /** Passes after the first one. */
  readonly retries: number;
  /** Revision of the event that began this pass. */
  readonly passFrom: number;
  /** Revision of the event by whose sender rows are decided: it was started, tried again or taken over. */
  readonly actsFrom: number;
  /** Events so far. */
  readonly events: number;
}

export type Run = KnownRun | null;

export const noRows: RowCounts = { done: 0, unchanged: 0, refused: 0, invalid: 0 };

const runs: StreamType<Run, RunEvent> = {
  category: 'run',
  initial: null,
  evolve: (state, event) => {
    const { run, kind, total } = event.data;
    const unbegun = {
      state: 'running',
      through: 0,
      reached: 0,
      counts: noRows,
      retries: 0,
      passFrom: 0,
      actsFrom: 0,
    } as const;
    const known: KnownRun = { ...unbegun, ...state, run, kind, total, events: (state?.events ?? 0) + 1 };
    switch (event.type) {
      case 'RunStarted':
        return known;
      case 'RunAdvanced':
        return { ...known, through: event.data.through, counts: event.data.counts };
      case 'RunFinished':
        return { ...known, state: 'done', counts: event.data.counts };
      case 'RunStopped':
        return { ...known, state: 'stopped' };
      case 'RunPaused':
        return { ...known, state: 'paused' };
      case 'RunResumed': {
        const actsFrom = event.data.inPlaceOf === undefined ? known.actsFrom : known.events - 1;
        return { ...known, state: 'running', actsFrom };
      }
      case 'RunRetried': {
        const { through, retries, events } = known;
        const reached = Math.max(known.reached, through);
        const pass = { through: 0, reached, retries: retries + 1, passFrom: events - 1, actsFrom: events - 1 };
        return { ...known, ...pass, state: 'running', counts: event.data.counts };
      }
      default:
        return event satisfies never;
    }
  },
};

export const runStream = (run: string): StreamRef<Run, RunEvent> => streamOf(runs, run);

function tell({ done, unchanged, refused, invalid }: RowCounts): string {
  return `${done} done, ${unchanged} unchanged, ${refused} refused, ${invalid} invalid`;
}

/** Rows that failed or were not reached. */
export function rowsDue({ total, counts: { done, unchanged } }: Standing): number {
  return total - done - unchanged;
}

/** Kinds of files that say how things are; rows of the others are commands. */
const imports: ReadonlySet<string> = new Set(['users', 'content']);
const isImport = ({ kind }: About): boolean => imports.has(kind);
const rowsOf = ({ kind, total }: About): string => `${total} ${total === 1 ? 'row' : 'rows'} of ${kind}`;
/** `the import of 2 rows of users`, `2 rows of home-user` */
const itself = (about: About): string => (isImport(about) ? `the import of ${rowsOf(about)}` : rowsOf(about));
const did = (about: About): string => (isImport(about) ? 'imported' : 'applied');
const subjects = ({ run }: About): string[] => [subject.run(run)];

export const runEvents = describeEvents<RunEvent>({
  RunStarted: {
    schemaVersion: 2,
    // All files were CSVs, sent with nothing besides.
    upcast: { 1: (data) => ({ ...data, format: { form: 'csv', ...(data['format'] as object) }, parameters: {} }) },
    subjects,
    say: (data) => `started ${itself(data)}${data.file.name === null ? '' : ` from ${data.file.name}`}`,
  },
  RunAdvanced: {
    schemaVersion: 1,
    subjects,
    say: (data) => `${did(data)} ${data.through} of ${rowsOf(data)}: ${tell(data.counts)}`,
  },
  RunFinished: { schemaVersion: 1, subjects, say: (data) => `${did(data)} ${rowsOf(data)}: ${tell(data.counts)}` },
  RunStopped: {
    schemaVersion: 1,
    subjects,
    say: (data) => `stopped ${itself(data)}, ${data.because}: ${tell(data.counts)}`,
  },
  RunPaused: {
    schemaVersion: 1,
    subjects,
    say: (data) => {
      const because = data.because === undefined ? '' : `, ${data.because}`;
      return `paused ${itself(data)}${because}: ${tell(data.counts)}`;
    },
  },
  RunResumed: {
    schemaVersion: 1,
    subjects,
    say: (data) => {
      const inPlaceOf = data.inPlaceOf === undefined ? '' : ` in place of the token ${data.inPlaceOf}`;
      return `resumed ${itself(data)}${inPlaceOf}: ${tell(data.counts)}`;
    },
  },
  RunRetried: {
    schemaVersion: 1,
    subjects,
    say: (data) => `began again with ${rowsDue(data)} of ${rowsOf(data)}`,
  },
});
