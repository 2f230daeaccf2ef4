import type { Refusal } from '#kernel';

export const outcomes = ['done', 'refused', 'denied'] as const;
export type ItemOutcome = (typeof outcomes)[number];

/** A field of a subject that got a value. `before` is absent where the event doesn't tell: the item that set it before does. */
export interface Assignment {
  readonly subject: string;
  readonly field: string;
  readonly after: unknown;
  readonly before?: unknown;
}

/** What the timeline keeps of one command, or of a run up to one of its events. */
export interface StoredItem {
  /** The last of its events. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly commandId: string;
  readonly actor: { readonly id: string; readonly name: string; readonly via: string };
  readonly command: string | null;
  readonly outcome: ItemOutcome;
  readonly subjects: readonly string[];
  readonly summary: string;
  readonly assignments: readonly Assignment[];
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly refusals: readonly Refusal[];
  readonly correlationId: string;
  readonly causationId: string;
  /** The run that it is, or whose row it is. */
  readonly run: string | null;
  /** It is the run itself, as it stood after one of its own events. */
  readonly isRun: boolean;
  /** Positions, ascending; of a run the last one's only: `run_versions` has them all. */
  readonly events: readonly number[];
  readonly types: readonly string[];
}

/** A row of a run is an item of its own only where it is asked for. */
export function isTopLevel({ run, isRun }: Pick<StoredItem, 'run' | 'isRun'>): boolean {
  return run === null || isRun;
}

/** What many items in a row have in common: who asked, why, and what it came to. */
export type Header = Pick<
  StoredItem,
  'actor' | 'command' | 'outcome' | 'reason' | 'ticket' | 'run' | 'isRun' | 'types'
>;
/** What an item followed from. Rows of a run have it in common, commands of one client may have all else in common. */
export type Cause = Pick<StoredItem, 'correlationId' | 'causationId'>;

/** Tells headers apart. */
export function headerText({ actor, command, outcome, reason, ticket, run, isRun, types }: Header): string {
  const { id, name, via } = actor;
  return JSON.stringify([[id, name, via], command, outcome, reason, ticket, run, isRun, types] satisfies HeaderTuple);
}

/** A header's line: items with the same one share it, and most of them the cause that the first of them had. */
export function writeHeader(text: string, { correlationId, causationId }: Cause): string {
  return `${text.slice(0, -1)},${JSON.stringify(correlationId)},${JSON.stringify(causationId)}]`;
}

type HeaderTuple = readonly [
  actor: readonly [id: string, name: string, via: string],
  command: string | null,
  outcome: ItemOutcome,
  reason: string | null,
  ticket: string | null,
  run: string | null,
  isRun: boolean,
  types: readonly string[],
];

export function readHeader(line: string): Header & Cause {
  const [[id, name, via], command, outcome, reason, ticket, run, isRun, types, correlationId, causationId] = JSON.parse(
    line,
  ) as readonly [...HeaderTuple, correlationId: string, causationId: string];
  const actor = { id, name, via };
  return { actor, command, outcome, reason, ticket, run, isRun, types, correlationId, causationId };
}

/** A subject is told by its place among the item's own, where it is one of them. */
type StoredAssignment = readonly [subject: string | number, field: string, after: unknown, before?: unknown];

/** The header's, the command itself, or another one. */
type StoredCausation = null | 0 | string;

/** The last two are left out where there are no refusals and the one event is the item's own position. */
type LineTuple = readonly [
  header: number,
  position: number,
  at: number,
  commandId: string,
  /** Null: the header's. */
  correlationId: string | null,
  causationId: StoredCausation,
  summary: string,
  subjects: readonly string[],
  assignments: readonly StoredAssignment[],
  refusals?: readonly Refusal[],
  events?: readonly number[],
];

/** An item beside its header, in one line. */
export function writeLine(header: number, shared: Cause, item: StoredItem): string {
  const { position, at, commandId, summary, subjects, refusals, events } = item;
  const correlationId = item.correlationId === shared.correlationId ? null : item.correlationId;
  const causationId = storedCausation(item, shared);
  const assignments = item.assignments.map(({ subject, field, after, before }): StoredAssignment => {
    const place = subjects.indexOf(subject);
    const about = place < 0 ? subject : place;
    return before === undefined ? [about, field, after] : [about, field, after, before];
  });
  const isPlain = refusals.length === 0 && events.length === 1;
  const line: LineTuple = isPlain
    ? [header, position, at, commandId, correlationId, causationId, summary, subjects, assignments]
    : [header, position, at, commandId, correlationId, causationId, summary, subjects, assignments, refusals, events];
  return JSON.stringify(line);
}

function storedCausation({ causationId, commandId }: StoredItem, shared: Cause): StoredCausation {
  if (causationId === shared.causationId) return null;
  return causationId === commandId ? 0 : causationId;
}

export function readLine(line: string, headers: readonly (Header & Cause)[]): StoredItem {
  const [place, position, at, commandId, correlationId, causationId, summary, subjects, assigned, ...rest] = JSON.parse(
    line,
  ) as LineTuple;
  const [refusals = [], events = [position]] = rest;
  const header = headers[place];
  if (!header) throw new Error(`the timeline's item at ${position} lacks its header`);
  return {
    ...header,
    correlationId: correlationId ?? header.correlationId,
    causationId: causationId === 0 ? commandId : (causationId ?? header.causationId),
    position,
    at,
    commandId,
    summary,
    subjects,
    assignments: assigned.map(([about, field, after, before]) => ({
      subject: typeof about === 'number' ? (subjects[about] ?? '') : about,
      field,
      after,
      ...(before === undefined ? {} : { before }),
    })),
    refusals,
    events,
  };
}
