import { randomUUID } from 'node:crypto';
import type { Appended, Check, CommandAnswer, Conflict, EventLog, NewRecord, RecordedEvent } from '#event-log';
import type { Refusal } from '#kernel';
import { MemoryLog } from '../memory-log.js';
import { fold } from '../model/fold.js';
import { decide } from '../model/model.js';
import type { Step } from '../model/sequences.js';
import {
  catalogue,
  type Comparable,
  comparable,
  eventsOf,
  expected,
  type NodeOptions,
  TestNode,
  worldOf,
} from '../rig.js';
import type { Duel } from './duels.js';
import { faultsOf } from './judge-log.js';

/** Turns of the event loop by a seeded sequence (mulberry32), so that a failing run can be told again. */
export function pauses(seed: number, turnsMax = 4): () => Promise<void> {
  let state = seed;
  return async () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const turns = ((mixed ^ (mixed >>> 14)) >>> 0) % (turnsMax + 1);
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
}

/** The engine's calls, with turns of the event loop before each. */
export function slowed(log: EventLog, pause: () => Promise<void>): EventLog {
  return {
    append: async (records, checks) => {
      await pause();
      return log.append(records, checks);
    },
    async *readStream(stream, from) {
      await pause();
      yield* log.readStream(stream, from);
    },
    async *readAll(after) {
      await pause();
      yield* log.readAll(after);
    },
    subscribe: (after, signal) => log.subscribe(after, signal),
    head: () => log.head(),
    close: () => log.close(),
  };
}

/** A broken log: it forgets the checks on streams that an append does not write. */
export function forgetful(log: EventLog): EventLog {
  const append = (records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> => {
    const written = new Set(records.map(({ stream }) => stream));
    return log.append(
      records,
      checks.filter(({ stream }) => written.has(stream)),
    );
  };
  return { ...slowed(log, () => Promise.resolve()), append };
}

/** A count that has not seen the end of the log. */
export function behind(log: EventLog, eventsBehind: number): EventLog {
  return {
    ...slowed(log, () => Promise.resolve()),
    async *readAll(after) {
      const events = [];
      for await (const page of log.readAll(after)) events.push(...page);
      yield events.slice(0, Math.max(0, events.length - eventsBehind));
    },
  };
}

export interface RaceResult {
  readonly faults: readonly string[];
  readonly outcomes: readonly string[];
}

/** Sends a duel's commands together, by turns to two nodes over one log, and judges what came of it. */
export async function race(log: EventLog, { before, together }: Duel, options: NodeOptions = {}): Promise<RaceResult> {
  const commands = new Map<string, Step>();
  const send = (node: TestNode, sent: Step) => {
    const commandId = randomUUID();
    commands.set(commandId, sent);
    return node.send(sent.command, sent.fields, { commandId });
  };
  const shared = { sharedLog: true, ...options };
  const nodes = [new TestNode(log, shared), new TestNode(log, shared)] as const;
  for (const sent of before) {
    const { outcome } = await send(nodes[0], sent);
    if (outcome !== 'done') throw new Error(`${sent.command} ${JSON.stringify(sent.fields)} should be done beforehand`);
  }
  // Both have what the story so far has made of every subject in memory.
  for (const sent of together) await Promise.all(nodes.map((node) => node.plan(sent.command, sent.fields)));
  const said = await Promise.all(
    together.map(async (sent, index): Promise<Said> => {
      const from = (await eventsOf(log)).length;
      const answer = await send(nodes[index % 2 === 0 ? 0 : 1], sent);
      return { ...sent, answer, from, to: (await eventsOf(log)).length };
    }),
  );
  const events = await eventsOf(log);
  const faults = [
    ...faultsOf(events, commands),
    ...unfounded(events, said),
    ...(await leftBehind(log, together, [new TestNode(log, { sharedLog: true }), ...nodes])),
  ];
  return { faults, outcomes: said.map(({ answer }) => answer.outcome) };
}

/** An answer, and how many events the log had when it was asked for and when it came. */
interface Said extends Step {
  readonly answer: CommandAnswer;
  readonly from: number;
  readonly to: number;
}

/**
 * Answers that did nothing and for which there was no reason at any moment from the question to the answer. A decommissioning counts
 * several things one after another, where its door is open too: each of its reasons has a moment of its own.
 */
function unfounded(events: readonly RecordedEvent[], said: readonly Said[]): string[] {
  const now = new Date().toISOString();
  return said.flatMap(({ command, fields, answer, from, to }) => {
    if (answer.outcome === 'done') return [];
    const told = rulesOf(comparable(answer));
    const moments = Array.from({ length: to - from + 1 }, (_, index) => {
      const verdict = expected(decide(fold(catalogue, events.slice(0, from + index)), command, fields, now));
      return verdict.outcome === answer.outcome ? rulesOf(verdict) : undefined;
    });
    const founded = command.startsWith('Decommission')
      ? told.every((rule) => moments.some((rules) => rules?.includes(rule)))
      : moments.some((rules) => JSON.stringify(rules) === JSON.stringify(told));
    if (founded) return [];
    return [`${command} ${JSON.stringify(fields)} was ${answer.outcome} ${told.join(', ')} at no moment while asked`];
  });
}

const rulesOf = ({ refusals }: Comparable): string[] => refusals.map((refusal) => (refusal as Refusal).rule);

/** Afterwards everything answers as if nothing had happened at once, on a new node and on those that raced: no door stays closed, nothing is half done. */
async function leftBehind(log: EventLog, together: readonly Step[], nodes: readonly TestNode[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, { command, fields }] of together.entries()) {
    const verdict = expected(decide(await worldOf(log), command, fields, new Date().toISOString()));
    const answer = comparable(await nodes[index % nodes.length]!.send(command, fields));
    if (JSON.stringify(answer) !== JSON.stringify(verdict))
      faults.push(
        `afterwards ${command} ${JSON.stringify(fields)}: ${JSON.stringify(answer)} instead of ${JSON.stringify(verdict)}`,
      );
  }
  return faults;
}

export interface RaceConditions {
  /** The log as the nodes have it. */
  readonly log?: (log: EventLog) => EventLog;
  /** The log as their counts have it. */
  readonly countsIn?: (log: EventLog) => EventLog;
  readonly sharedLog?: boolean;
}

export function memoryRace(duel: Duel, seed: number, conditions: RaceConditions = {}): Promise<RaceResult> {
  const memory = new MemoryLog({ pause: pauses(seed) });
  const { log = (same) => same, countsIn = (same) => same, sharedLog = true } = conditions;
  return race(log(memory), duel, { countsIn: countsIn(memory), sharedLog });
}
