import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Actor,
  type BaseCommand,
  type CommandDefinition,
  type Counting,
  type EventCatalogue,
  Prepared,
  Refused,
} from '#kernel';
import { AskedKey, repeated } from './asked-key.js';
import { accepted, type AnsweredEvent, answered, type CommandAnswer } from './command-answer.js';
import { type CommandContext, commandMeta, refusal } from './command-context.js';
import type { Appended, Conflict, EventLog, Position } from './event-log.js';
import { KeyedQueue } from './keyed-queue.js';
import { SharedLooks } from './shared-looks.js';
import { StateCache } from './state-cache.js';
import { type Pending, UnitOfWork } from './unit-of-work.js';

/** What a batch has done. `position` is the last appended event's; null where there was nothing to append. */
export interface BatchAnswer<T> {
  readonly value: T;
  readonly position: Position | null;
  readonly events: number;
}

/** The streams went on moving under the decision until the retries ran out. */
export class RetriesExhausted extends Error {
  override readonly name = 'RetriesExhausted';
  constructor(readonly streams: readonly string[]) {
    super(`others changed ${streams.join(', ')} at the same time, again and again; send the command once more`);
  }
}

const attemptsMax = 12;
const waitingPerSubjectMax = 2000;

export interface ShellOptions {
  readonly log: EventLog;
  readonly catalogue: EventCatalogue;
  readonly counting: Counting;
  /** UTC, ISO 8601, milliseconds. */
  readonly clock?: () => string;
  /**
   * Others write this log too (several nodes on one cluster): an answer that appends nothing, and so is checked by no append, is
   * compared with the log before it is given. Where this shell is the only writer its memory is right without asking.
   */
  readonly sharedLog?: boolean;
  /** Folded streams kept in memory. */
  readonly cachedStreamsMax?: number;
}

/** Fold, decide, append, and again where another was faster: the one way from a command to the log. */
export class CommandShell {
  private readonly cache: StateCache;
  private readonly looks = new SharedLooks();
  private readonly queue = new KeyedQueue(waitingPerSubjectMax);
  private readonly clock: () => string;
  private readonly sharedLog: boolean;
  private asked = 0;

  constructor(private readonly options: ShellOptions) {
    this.sharedLog = options.sharedLog ?? false;
    this.cache = new StateCache(options.cachedStreamsMax ?? 20_000);
    this.clock = options.clock ?? (() => new Date().toISOString());
  }

  /** Commands that were run or planned so far, one by one. */
  get commandsAsked(): number {
    return this.asked;
  }

  /**
   * Decides a command and appends what was decided; the answer is on disk.
   * @throws {RetriesExhausted} {@link KeyReused} {@link LogUnavailable} {@link QueueFull}
   */
  run<C extends BaseCommand>(
    definition: CommandDefinition<C>,
    command: C,
    context: CommandContext,
  ): Promise<CommandAnswer> {
    this.asked++;
    const serialOn = definition.serialOn?.(command) ?? definition.subjects(command)[0] ?? definition.name;
    const key = context.key && new AskedKey(definition.name, context.actor, context.key);
    const execute = (): Promise<CommandAnswer> =>
      this.queue.run(serialOn, () => this.execute(definition, command, context, key));
    if (!key) return execute();
    return this.queue.run(`key ${key.hash}`, execute);
  }

  /**
   * Decides a command without appending anything.
   * @throws {RetriesExhausted} {@link LogUnavailable}
   */
  async plan<C extends BaseCommand>(
    definition: CommandDefinition<C>,
    command: C,
    context: CommandContext,
  ): Promise<CommandAnswer> {
    this.asked++;
    for (let attempt = 1; ; attempt++) {
      const unit = this.unit(context.actor, true);
      const outcome = await unit.decide(definition, command, '{}');
      if (outcome instanceof Prepared) throw new Error(`${definition.name} prepares while planning`);
      const moved = await this.moved(unit);
      if (moved) {
        await this.giveWay(moved, attempt);
        continue;
      }
      if (outcome instanceof Refused) return { outcome: 'refused', position: null, refusals: outcome.refusals };
      const events = unit.pending.filter(({ internal }) => !internal).map((pending) => this.planned(pending));
      return { outcome: events.length > 0 ? 'done' : 'unchanged', position: null, events, reply: {} };
    }
  }

  /**
   * Decides many commands on one reading and appends the lot at once. `body` may run several times: it must do nothing
   * but ask the unit.
   * @throws {RetriesExhausted} {@link LogUnavailable}
   */
  async batch<T>(actor: Actor, body: (unit: UnitOfWork) => Promise<T>): Promise<BatchAnswer<T>> {
    for (let attempt = 1; ; attempt++) {
      const unit = this.unit(actor, false);
      const value = await body(unit);
      const appended = await this.append(unit);
      if (!appended.conflicts)
        return { value, position: appended.positions.at(-1) ?? null, events: unit.pending.length };
      await this.giveWay(appended, attempt);
    }
  }

  /** The stored state of the streams that a decision needs, outside of a command: for reads that must be current. */
  begin(actor: Actor, planning: boolean): UnitOfWork {
    return this.unit(actor, planning, this.sharedLog);
  }

  private unit(actor: Actor, planning: boolean, current = false): UnitOfWork {
    const { log, catalogue, counting } = this.options;
    const sources = { log, cache: this.cache, catalogue, counting, looks: this.looks };
    return new UnitOfWork(sources, actor, this.clock(), planning, current);
  }

  private async execute<C extends BaseCommand>(
    definition: CommandDefinition<C>,
    command: C,
    context: CommandContext,
    key: AskedKey | undefined,
  ): Promise<CommandAnswer> {
    const commandId = context.commandId ?? randomUUID();
    const meta = commandMeta(definition.name, command, context, commandId);
    for (let attempt = 1; ; attempt++) {
      const unit = this.unit(context.actor, false);
      const before = key && (await key.answerBefore(unit));
      if (before) return await repeated(this.options.log, before);
      const outcome = await unit.decide(definition, command, meta);
      if (outcome instanceof Prepared) {
        for (const each of outcome.writes) await unit.record(each, meta);
        const prepared = await this.append(unit);
        if (prepared.conflicts) await this.giveWay(prepared, attempt);
        else if (attempt >= attemptsMax) throw new RetriesExhausted(outcome.writes.map(({ stream }) => stream.name));
        continue;
      }
      if (outcome instanceof Refused) {
        for (const each of outcome.alongside) await unit.record(each, meta);
        await unit.record(refusal(definition, command, outcome.refusals, commandId), meta);
      }
      const shown = unit.pending.length;
      if (key) await unit.record(key.answered(unit, outcome), meta);
      const appended = await this.append(unit);
      if (appended.conflicts) {
        await this.giveWay(appended, attempt);
        continue;
      }
      if (outcome instanceof Refused)
        return { outcome: 'refused', position: appended.positions.at(-1) ?? null, refusals: outcome.refusals };
      return accepted(unit.pending.slice(0, shown), appended, { ...outcome.reply.kept, ...outcome.reply.once });
    }
  }

  /** Whatever the unit decided, it answers for all that it read: what moved meanwhile is a conflict, also for a refusal and for nothing. */
  private async append(unit: UnitOfWork): Promise<Appended | Conflict> {
    if (unit.pending.length === 0)
      return (await this.moved(unit)) ?? { positions: [], revisions: [], recordedAt: unit.now };
    const appended = await this.options.log.append(
      unit.pending.map(({ record }) => record),
      unit.checks(),
    );
    if (!appended.conflicts) unit.landed();
    return appended;
  }

  private async moved(unit: UnitOfWork): Promise<Conflict | undefined> {
    return this.sharedLog ? unit.moved() : undefined;
  }

  private async giveWay({ conflicts }: Conflict, attempt: number): Promise<void> {
    for (const { stream, actual } of conflicts) this.cache.evict(stream, actual);
    if (attempt >= attemptsMax) throw new RetriesExhausted(conflicts.map(({ stream }) => stream));
    if (attempt > 2) await sleep(Math.random() * 2 ** Math.min(attempt, 7));
  }

  /** Without what would exist only once it is recorded. */
  private planned(pending: Pending): AnsweredEvent {
    const event = answered(pending);
    return { ...event, data: this.options.catalogue[event.type]?.planned?.(event.data) ?? event.data };
  }
}
