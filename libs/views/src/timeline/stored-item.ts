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
export function isTopLevel({ run, isRun }: StoredItem): boolean {
  return run === null || isRun;
}

type StoredAssignment = readonly [subject: string, field: string, after: unknown, before?: unknown];

type StoredTuple = readonly [
  commandId: string,
  actor: readonly [string, string, string],
  command: string | null,
  outcome: ItemOutcome,
  subjects: readonly string[],
  summary: string,
  assignments: readonly StoredAssignment[],
  reason: string | null,
  ticket: string | null,
  refusals: readonly Refusal[],
  correlationId: string,
  causationId: string,
  run: string | null,
  events: readonly number[],
  types: readonly string[],
  isRun: 0 | 1,
];

export interface ItemRow {
  readonly position: number;
  readonly at: number;
  readonly body: string;
}

/** The columns of a row: a list without names takes half the room. */
export function toRow(item: StoredItem): ItemRow {
  const { id, name, via } = item.actor;
  const tuple: StoredTuple = [
    item.commandId,
    [id, name, via],
    item.command,
    item.outcome,
    item.subjects,
    item.summary,
    item.assignments.map(({ subject, field, after, before }) =>
      before === undefined ? [subject, field, after] : [subject, field, after, before],
    ),
    item.reason,
    item.ticket,
    item.refusals,
    item.correlationId,
    item.causationId,
    item.run,
    item.events,
    item.types,
    item.isRun ? 1 : 0,
  ];
  return { position: item.position, at: item.at, body: JSON.stringify(tuple) };
}

export function fromRow({ position, at, body }: ItemRow): StoredItem {
  const [commandId, [id, name, via], command, outcome, subjects, summary, assigned, reason, ticket, refusals, ...rest] =
    JSON.parse(body) as StoredTuple;
  const [correlationId, causationId, run, events, types, isRun] = rest;
  return {
    position,
    at,
    commandId,
    actor: { id, name, via },
    command,
    outcome,
    subjects,
    summary,
    assignments: assigned.map(([subject, field, after, before]) => ({
      subject,
      field,
      after,
      ...(before === undefined ? {} : { before }),
    })),
    reason,
    ticket,
    refusals,
    correlationId,
    causationId,
    run,
    isRun: isRun === 1,
    events,
    types,
  };
}
