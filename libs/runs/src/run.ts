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

export type RunFinished = DomainEvent<'RunFinished', About & { readonly counts: RowCounts }>;

/** It cannot go on. */
export type RunStopped = DomainEvent<'RunStopped', About & { readonly counts: RowCounts; readonly because: string }>;

export type RunEvent = RunStarted | RunAdvanced | RunFinished | RunStopped;

/** A run as its events tell it; null while unknown. */
export type Run =
  | (About & { readonly state: 'running' | 'done' | 'stopped'; readonly through: number; readonly counts: RowCounts })
  | null;

export const noRows: RowCounts = { done: 0, unchanged: 0, refused: 0, invalid: 0 };

const runs: StreamType<Run, RunEvent> = {
  category: 'run',
  initial: null,
  evolve: (state, event) => {
    const { run, kind, total } = event.data;
    const about = { run, kind, total };
    switch (event.type) {
      case 'RunStarted':
        return { ...about, state: 'running', through: 0, counts: noRows };
      case 'RunAdvanced':
        return { ...about, state: 'running', through: event.data.through, counts: event.data.counts };
      case 'RunFinished':
        return { ...about, state: 'done', through: total, counts: event.data.counts };
      case 'RunStopped':
        return { ...about, state: 'stopped', through: state?.through ?? 0, counts: event.data.counts };
      default:
        return event satisfies never;
    }
  },
};

export const runStream = (run: string): StreamRef<Run, RunEvent> => streamOf(runs, run);

function tell({ done, unchanged, refused, invalid }: RowCounts): string {
  return `${done} done, ${unchanged} unchanged, ${refused} refused, ${invalid} invalid`;
}

const rowsOf = ({ kind, total }: About): string => `${total} ${total === 1 ? 'row' : 'rows'} of ${kind}`;
const subjects = ({ run }: About): string[] => [subject.run(run)];

export const runEvents = describeEvents<RunEvent>({
  RunStarted: {
    schemaVersion: 2,
    // All files were CSVs, sent with nothing besides.
    upcast: { 1: (data) => ({ ...data, format: { form: 'csv', ...(data['format'] as object) }, parameters: {} }) },
    subjects,
    say: (data) => `started the import of ${rowsOf(data)}${data.file.name === null ? '' : ` from ${data.file.name}`}`,
  },
  RunAdvanced: {
    schemaVersion: 1,
    subjects,
    say: (data) => `imported ${data.through} of ${rowsOf(data)}: ${tell(data.counts)}`,
  },
  RunFinished: { schemaVersion: 1, subjects, say: (data) => `imported ${rowsOf(data)}: ${tell(data.counts)}` },
  RunStopped: {
    schemaVersion: 1,
    subjects,
    say: (data) => `stopped the import of ${rowsOf(data)}, ${data.because}: ${tell(data.counts)}`,
  },
});
