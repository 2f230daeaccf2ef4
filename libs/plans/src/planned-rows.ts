import { type DomainEvent, describeEvents, type Refusal, type StreamRef, streamOf, type StreamType } from '#kernel';
import { type EventLogReader, type Revision, type RestsOn, upcast } from '#event-log';
import type { EventCatalogue } from '#kernel';
import type { RowOutcome } from '#runs';

/** An event that a row would record. */
export interface PlannedEvent {
  readonly type: string;
  readonly data: object;
}

/** What a row of a plan asks for, and what would become of it. What is empty is left out. */
export interface PlannedRow {
  /** From 1. */
  readonly row: number;
  /** Of the file, where there was one. */
  readonly line?: number;
  readonly outcome: RowOutcome;
  /** One per column of the plan; a plan of JSON lines has `fields` instead. */
  readonly cells?: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Instead of both, what stood there where it could not be read: the fields of a record, or the line that is no JSON object. */
  readonly unread?: readonly string[];
  /** Names of the commands that it asks for. */
  readonly commands?: readonly string[];
  /** What it is about. */
  readonly subject?: string;
  readonly events?: readonly PlannedEvent[];
  readonly column?: string;
  readonly value?: string;
  readonly message?: string;
  readonly refusals?: readonly Refusal[];
  /** Indexes of the streams that it rests on. */
  readonly on: readonly number[];
  /**
   * Index of the stream that all its events are of, where it rests on nothing but those streams as they were recorded: as long as they stand
   * there, it comes to these events and no others.
   */
  readonly into?: number;
}

/** Some consecutive rows. Each event can be understood alone, and stays far below what an event may have. */
export type RowsPlanned = DomainEvent<
  'RowsPlanned',
  {
    readonly plan: string;
    readonly rows: readonly PlannedRow[];
    /** The streams that these rows rest on, at the revision that was read; null where there was no event. */
    readonly streams: readonly (readonly [stream: string, revision: string | null])[];
  }
>;

const plannedRows: StreamType<null, RowsPlanned> = { category: 'planned', initial: null, evolve: (state) => state };

export const plannedStream = (plan: string): StreamRef<null, RowsPlanned> => streamOf(plannedRows, plan);

export const plannedEvents = describeEvents<RowsPlanned>({
  RowsPlanned: { schemaVersion: 1, subjects: () => [], say: () => '', internal: true },
});

/** Reads a plan's rows back, some at a time. */
export async function* readPlanned(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: string,
): AsyncGenerator<RowsPlanned['data'], undefined, undefined> {
  for await (const page of log.readStream(plannedStream(plan).name))
    for (const event of page) yield upcast(catalogue, event) as unknown as RowsPlanned['data'];
  return undefined;
}

export function revisionOf(stored: string | null): Revision | null {
  return stored === null ? null : BigInt(stored);
}

/** What a row rests on. */
export function restsOn({ streams }: Pick<RowsPlanned['data'], 'streams'>, { on }: PlannedRow): readonly RestsOn[] {
  return on.map((index) => {
    const entry = streams[index];
    if (!entry) throw new Error(`a planned row rests on the stream ${index} of ${streams.length}`);
    return { stream: entry[0], read: revisionOf(entry[1]) };
  });
}
