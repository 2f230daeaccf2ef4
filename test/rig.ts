import { content } from '#content';
import { decommission } from '#decommission';
import {
  type CommandAnswer,
  CommandShell,
  type CommandContext,
  type EventLog,
  type RecordedEvent,
  shellEvents,
} from '#event-log';
import { homing } from '#homing';
import { type Actor, type CommandDefinition, type EventCatalogue, validateCommand } from '#kernel';
import { migration } from '#migration';
import { policy } from '#policy';
import { topology } from '#topology';
import { countingByFolding, fold } from './model/fold.js';
import type { ModelEvent } from './model/apply.js';
import type { Gate } from './model/gate-rules.js';
import type { Fields, Verdict } from './model/verdict.js';
import type { World } from './model/world.js';

const contexts = [topology, policy, homing, content, decommission];
const withMigration = [...contexts, migration];

export const catalogue: EventCatalogue = Object.assign({}, shellEvents, ...withMigration.map(({ events }) => events));
/** The commands whose rules the naive model knows too. */
export const definitions: readonly CommandDefinition[] = contexts.flatMap(({ commands }) => commands);
const allDefinitions: readonly CommandDefinition[] = withMigration.flatMap(({ commands }) => commands);

export const operator: Actor = { id: 'token-1', name: 'Olga', roles: ['operator', 'approver'], via: 'api' };

export interface NodeOptions {
  readonly clock?: () => string;
  /** Where it counts; by default in the log it writes. */
  readonly countsIn?: EventLog;
  /** Others write the log too. */
  readonly sharedLog?: boolean;
}

/** One node: a shell with a cache of its own over a log that may be others' too. */
export class TestNode {
  readonly shell: CommandShell;

  constructor(
    readonly log: EventLog,
    { clock, countsIn = log, sharedLog = false }: NodeOptions = {},
  ) {
    const counting = countingByFolding(() => worldOf(countsIn));
    this.shell = new CommandShell({ log, catalogue, counting, sharedLog, ...(clock && { clock }) });
  }

  send(command: string, fields: Fields, context: Partial<CommandContext> = {}): Promise<CommandAnswer> {
    const [definition, validated] = parsed(command, fields);
    return this.shell.run(definition, validated, { ...asked, ...context });
  }

  plan(command: string, fields: Fields): Promise<CommandAnswer> {
    const [definition, validated] = parsed(command, fields);
    return this.shell.plan(definition, validated, asked);
  }
}

const asked: CommandContext = { actor: operator, correlationId: 'c-1', client: { ip: '127.0.0.1', agent: 'jest' } };

function parsed(name: string, fields: Fields) {
  const definition = allDefinitions.find((each) => each.name === name);
  if (!definition) throw new Error(`no context has the command ${name}`);
  const validated = validateCommand(definition, fields);
  if (validated.errors)
    throw new Error(`${name} ${JSON.stringify(fields)} is malformed: ${JSON.stringify(validated.errors)}`);
  return [definition, validated.command] as const;
}

export async function eventsOf(log: EventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAll(-1n)) events.push(...page);
  return events;
}

export async function worldOf(log: EventLog): Promise<World> {
  return fold(catalogue, await eventsOf(log));
}

/** An answer as it is compared: rules and events in no particular order, absent and null the same. */
export interface Comparable {
  readonly outcome: string;
  readonly refusals: readonly unknown[];
  readonly events: readonly unknown[];
}

export function comparable(answer: CommandAnswer): Comparable {
  if (answer.outcome === 'refused')
    return {
      outcome: 'refused',
      refusals: answer.refusals.map(({ rule, ...facts }) => ({ rule, facts: named(rule, facts) })).toSorted(inOrder),
      events: [],
    };
  return {
    outcome: answer.outcome,
    refusals: [],
    events: answer.events.map((event) => plain(event as unknown as ModelEvent)).toSorted(inOrder),
  };
}

export function expected({ outcome, refusals, events }: Verdict): Comparable {
  return {
    outcome,
    refusals: refusals.map(({ rule, facts = {} }) => ({ rule, facts: named(rule, facts) })).toSorted(inOrder),
    events: events.map((event) => plain(event)).toSorted(inOrder),
  };
}

/** The facts that the contract names for a rule, lists in order. */
function named(rule: string, facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = {
    'policy.granted': 'count',
    'decommission.users-homed': 'count',
    'decommission.deployments-homed': 'deployments',
    'decommission.gates-open': 'gates',
  }[rule];
  if (names === undefined) return {};
  const fact = facts[names];
  return { [names]: Array.isArray(fact) ? (fact as string[]).toSorted((a, b) => a.localeCompare(b)) : fact };
}

/** A fact's data as compared: what is null is absent; of the gate snapshot which gates there were and how they stood. */
export function plain({ type, data }: ModelEvent): ModelEvent {
  const kept = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  return {
    type,
    data: Object.fromEntries(
      kept
        .map(([key, value]) => [key, key === 'gates' ? standing(value as readonly Gate[]) : value] as const)
        .toSorted(([a], [b]) => a.localeCompare(b)),
    ),
  };
}

const standing = (gates: readonly Gate[]) => gates.map(({ gate, status }) => `${gate} ${status}`).toSorted();

const inOrder = (a: unknown, b: unknown): number => JSON.stringify(a).localeCompare(JSON.stringify(b));
