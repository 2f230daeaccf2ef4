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

/** A header's line: items with the same one share it, and most of them the cause that the first of them had. */
export function writeHeader(header: Header & Cause): string {
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

export function readHeader(line: string): Header & Cause {
  const [[id, name, via], command, outcome, reason, ticket, correlationId, causationId, run, isRun, types] = JSON.parse(
    line,
  ) as HeaderTuple;
  const actor = { id, name, via };
  return { actor, command, outcome, reason, ticket, correlationId, causationId, run, isRun, types };
}

/** A subject is told by its place among the item's own, where it is one of them. */
type StoredAssignment = readonly [subject: string | number, field: string, after: unknown, before?: unknown];

/** Left out from the end on, or null, where there are no refusals, the one event is the item's own position, and the cause is the header's. */
type LineTuple = readonly [
  header: number,
  position: number,
  at: number,
  commandId: string,
  summary: string,
  subjects: readonly string[],
  assignments: readonly StoredAssignment[],
  refusals?: readonly Refusal[] | null,
  events?: readonly number[] | null,
  correlationId?: string | null,
  /** 0: the command itself. */
  causationId?: string | 0 | null,
];

/** An item beside its header, in one line. */
export function writeLine(header: number, shared: Cause, item: StoredItem): string {
  const { position, at, commandId, summary, subjects, refusals, events } = item;
  const assignments = item.assignments.map(({ subject, field, after, before }): StoredAssignment => {
    const place = subjects.indexOf(subject);
    const about = place < 0 ? subject : place;
    return before === undefined ? [about, field, after] : [about, field, after, before];
  });
  const start = [header, position, at, commandId, summary, subjects, assignments] as const;
  const isPlain = refusals.length === 0 && events.length === 1;
  const hasCause = item.correlationId !== shared.correlationId || item.causationId !== shared.causationId;
  if (isPlain && !hasCause) return JSON.stringify(start satisfies LineTuple);
  const middle = isPlain ? ([...start, null, null] as const) : ([...start, refusals, events] as const);
  if (!hasCause) return JSON.stringify(middle satisfies LineTuple);
  const correlationId = item.correlationId === shared.correlationId ? null : item.correlationId;
  const causationId = item.causationId === shared.causationId ? null : ownOr(item);
  return JSON.stringify([...middle, correlationId, causationId] satisfies LineTuple);
}

function ownOr({ causationId, commandId }: StoredItem): string | 0 {
  return causationId === commandId ? 0 : causationId;
}

export function readLine(line: string, headers: readonly (Header & Cause)[]): StoredItem {
  const [place, position, at, commandId, summary, subjects, assigned, ...rest] = JSON.parse(line) as LineTuple;
  const [refusals, events, correlationId, causationId] = rest;
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
    refusals: refusals ?? [],
    events: events ?? [position],
  };
}
