import type { Refusal } from '#kernel';
import type { Header } from './item-tokens.js';

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

/** A header's text; items with the same one share it. */
export function writeHeader(header: Header): string {
  const { actor, command, outcome, reason, ticket, correlationId, causationId, run, isRun, types } = header;
  const { id, name, via } = actor;
  return JSON.stringify([
    [id, name, via],
    command,
    outcome,
    reason,
    ticket,
    correlationId,
    causationId,
    run,
    isRun,
    types,
  ] satisfies HeaderTuple);
}

type HeaderTuple = readonly [
  actor: readonly [id: string, name: string, via: string],
  command: string | null,
  outcome: ItemOutcome,
  reason: string | null,
  ticket: string | null,
  correlationId: string,
  causationId: string,
  run: string | null,
  isRun: boolean,
  types: readonly string[],
];

export function readHeader(text: string): Header {
  const [[id, name, via], command, outcome, reason, ticket, correlationId, causationId, run, isRun, types] = JSON.parse(
    text,
  ) as HeaderTuple;
  return {
    actor: { id, name, via },
    command,
    outcome,
    reason,
    ticket,
    correlationId,
    causationId,
    run,
    isRun,
    types,
  };
}

/** A subject is told by its place among the item's own, where it is one of them. */
type StoredAssignment = readonly [subject: string | number, field: string, after: unknown, before?: unknown];

/** The last two are left out where there are no refusals and the one event is the item's own position. */
type LineTuple = readonly [
  header: number,
  position: number,
  at: number,
  commandId: string,
  summary: string,
  subjects: readonly string[],
  assignments: readonly StoredAssignment[],
  refusals?: readonly Refusal[],
  events?: readonly number[],
];

/** An item beside its header, in one line. */
export function writeLine(header: number, item: StoredItem): string {
  const { position, at, commandId, summary, subjects, refusals, events } = item;
  const assignments = item.assignments.map(({ subject, field, after, before }): StoredAssignment => {
    const place = subjects.indexOf(subject);
    const about = place < 0 ? subject : place;
    return before === undefined ? [about, field, after] : [about, field, after, before];
  });
  const isPlain = refusals.length === 0 && events.length === 1;
  const line: LineTuple = isPlain
    ? [header, position, at, commandId, summary, subjects, assignments]
    : [header, position, at, commandId, summary, subjects, assignments, refusals, events];
  return JSON.stringify(line);
}

export function readLine(line: string, headers: readonly Header[]): StoredItem {
  const [header, position, at, commandId, summary, subjects, assigned, refusals = [], events = [position]] = JSON.parse(
    line,
  ) as LineTuple;
  const shared = headers[header];
  if (!shared) throw new Error(`the timeline's item at ${position} lacks its header`);
  return {
    ...shared,
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
