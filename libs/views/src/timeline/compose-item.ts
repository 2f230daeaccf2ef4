import type { EventCatalogue, EventDescriptor, Refusal } from '#kernel';
import type { ProjectedEvent } from '../projection.js';
import { changesOf, merged } from './changes-of.js';
import type { Assignment, ItemOutcome, StoredItem } from './stored-item.js';

// Every other event is a fact that was asked for and done.
const outcomeByType: ReadonlyMap<string, ItemOutcome> = new Map([
  ['CommandRefused', 'refused'],
  ['CommandDenied', 'denied'],
  ['SignInRefused', 'denied'],
]);

// What no command led to is named as the command that would have.
const commandByType: ReadonlyMap<string, string> = new Map([
  ['TokenIssued', 'IssueToken'],
  ['SignInRefused', 'SignIn'],
]);

const runStreams = 'run-';

/**
 * The run that an event moves on; undefined where it is no run's own event. What somebody does with a run, such as pausing it, is a command
 * like any other.
 */
export function runOf({ stream, meta }: Pick<ProjectedEvent['event'], 'stream' | 'meta'>): string | undefined {
  const run = stream.startsWith(runStreams) ? stream.slice(runStreams.length) : undefined;
  return meta.commandId === run ? run : undefined;
}

/** @throws for a type that the catalogue lacks */
export function describe(catalogue: EventCatalogue, type: string): EventDescriptor {
  const descriptor = Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;
  if (!descriptor) throw new Error(`no descriptor for the event ${type}`);
  return descriptor;
}

/** The item of consecutive events of one command. `run` is the run whose row the command was. */
export function composeItem(
  catalogue: EventCatalogue,
  events: readonly [ProjectedEvent, ...ProjectedEvent[]],
  run: string | null,
): StoredItem {
  const [{ event: first, data: firstData }] = events;
  const last = events.at(-1) ?? events[0];
  const { meta } = first;
  const { id, name, via } = meta.actor;
  let outcome: ItemOutcome = 'done';
  let summary = '';
  const subjects: string[] = [];
  const assignments: Assignment[] = [];
  const refusals: Refusal[] = [];
  const types: string[] = [];
  // One pass without lists in between: there is an item for every row of every import.
  for (const { event, data } of events) {
    const descriptor = describe(catalogue, event.type);
    const other = outcomeByType.get(event.type);
    if (other) {
      if (outcome === 'done') outcome = other;
      refusals.push(...refusalsOf(data));
    }
    summary = summary === '' ? descriptor.say(data) : `${summary}; ${descriptor.say(data)}`;
    for (const each of descriptor.subjects(data)) subjects.push(each);
    for (const each of changesOf(event.type, data)) assignments.push(each);
    types.push(event.type);
  }
  return {
    position: last.position,
    at: Date.parse(last.event.recordedAt),
    commandId: meta.commandId,
    actor: { id, name, via },
    command:
      meta.command ?? commandByType.get(first.type) ?? (firstData['command'] as string | null | undefined) ?? null,
    outcome,
    subjects: unique(subjects),
    summary,
    assignments: merged(assignments),
    reason: meta.reason,
    ticket: meta.ticket,
    refusals,
    correlationId: meta.correlationId,
    causationId: meta.causationId,
    run,
    isRun: false,
    events: events.map(({ position }) => position),
    types: unique(types),
  };
}

/** The item whose first events were seen before the rest of them. */
export function continueItem(item: StoredItem, rest: StoredItem): StoredItem {
  return {
    ...item,
    position: rest.position,
    at: rest.at,
    outcome: item.outcome === 'done' ? rest.outcome : item.outcome,
    subjects: unique([...item.subjects, ...rest.subjects]),
    summary: `${item.summary}; ${rest.summary}`,
    assignments: merged([...item.assignments, ...rest.assignments]),
    refusals: [...item.refusals, ...rest.refusals],
    events: [...item.events, ...rest.events],
    types: unique([...item.types, ...rest.types]),
  };
}

/** A run after one more event of its own: asked for by whoever started it, and its last event tells all it has done. */
export function advanceRun(
  catalogue: EventCatalogue,
  event: ProjectedEvent,
  run: string,
  earlier: StoredItem | undefined,
): StoredItem {
  const latest = composeItem(catalogue, [event], run);
  if (!earlier) return { ...latest, isRun: true };
  const { commandId, actor, command, reason, ticket, correlationId, causationId } = earlier;
  return {
    ...latest,
    commandId,
    actor,
    command,
    reason,
    ticket,
    correlationId,
    causationId,
    isRun: true,
    subjects: unique([...earlier.subjects, ...latest.subjects]),
    types: unique([...earlier.types, ...latest.types]),
  };
}

function unique(values: readonly string[]): readonly string[] {
  if (values.length < 2 || (values.length === 2 && values[0] !== values[1])) return values;
  return [...new Set(values)];
}

function refusalsOf(data: Readonly<Record<string, unknown>>): readonly Refusal[] {
  return Array.isArray(data['refusals']) ? (data['refusals'] as readonly Refusal[]) : [];
}
