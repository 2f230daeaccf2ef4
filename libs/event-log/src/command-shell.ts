import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Accepted,
  type Actor,
  type BaseCommand,
  canonicalJson,
  type CommandDefinition,
  type Counting,
  type EventCatalogue,
  Prepared,
  type Refusal,
  Refused,
  streamOf,
  write,
} from '#kernel';
import type { Appended, Conflict, EventLog, EventMeta, Position, Revision } from './event-log.js';
import { KeyedQueue } from './keyed-queue.js';
import { keyStream, refusalStream } from './own-events.js';
import { StateCache } from './state-cache.js';
import { type Pending, UnitOfWork } from './unit-of-work.js';

/** Who sends a command, and how. */
export interface CommandContext {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly client: EventMeta['client'];
  /** What led to it, where that is not the command itself: a run's id or an event's. */
  readonly causationId?: string;
  readonly commandId?: string;
  /** `Idempotency-Key`, with the body as it was sent. */
  readonly key?: { readonly key: string; readonly body: unknown };
}

/** An event in a command's answer; revision and position are null in a plan. */
export interface AnsweredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: string | null;
  readonly position: string | null;
  readonly recordedAt: string | null;
  readonly data: object;
}

export type CommandAnswer =
  | {
      readonly outcome: 'done' | 'unchanged';
      readonly position: Position | null;
      readonly events: readonly AnsweredEvent[];
      readonly reply: Readonly<Record<string, unknown>>;
    }
  | { readonly outcome: 'refused'; readonly position: Position | null; readonly refusals: readonly Refusal[] };

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

/** The key was used for another command or body. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
  constructor(readonly command: string) {
    super(`this Idempotency-Key was used before, for ${command} with another body; use a new key for a new command`);
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
  private readonly queue = new KeyedQueue(waitingPerSubjectMax);
  private readonly clock: () => string;
  private readonly sharedLog: boolean;

  constructor(private readonly options: ShellOptions) {
    this.sharedLog = options.sharedLog ?? false;
    this.cache = new StateCache(options.cachedStreamsMax ?? 20_000);
    this.clock = options.clock ?? (() => new Date().toISOString());
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
    const serialOn = definition.serialOn?.(command) ?? definition.subjects(command)[0] ?? definition.name;
    const execute = (): Promise<CommandAnswer> =>
      this.queue.run(serialOn, () => this.execute(definition, command, context));
    if (!context.key) return execute();
    const keyId = createHash('sha256')
      .update(canonicalJson([context.actor.id, context.key.key]))
      .digest('hex');
    return this.queue.run(`key ${keyId}`, execute);
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

  /** Without what would exist only once it is recorded. */
  private planned(pending: Pending): AnsweredEvent {
    const event = answered(pending);
    return { ...event, data: this.options.catalogue[event.type]?.planned?.(event.data) ?? event.data };
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
    return new UnitOfWork({ log, cache: this.cache, catalogue, counting }, actor, this.clock(), planning, current);
  }

  private async execute<C extends BaseCommand>(
    definition: CommandDefinition<C>,
    command: C,
    context: CommandContext,
  ): Promise<CommandAnswer> {
    const commandId = context.commandId ?? randomUUID();
    const meta = commandMeta(definition.name, command, context, commandId);
    for (let attempt = 1; ; attempt++) {
      const unit = this.unit(context.actor, false);
      const key = context.key && (await this.keyOf(unit, definition.name, context.actor, context.key));
      if (key?.answer) return this.repeat(key.answer);
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
      if (key) await unit.record(key.write(unit, outcome), meta);
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

  private async keyOf(
    unit: UnitOfWork,
    command: string,
    actor: Actor,
    { key, body }: NonNullable<CommandContext['key']>,
  ): Promise<{
    answer: StoredAnswer | null;
    write: (unit: UnitOfWork, outcome: Accepted | Refused) => ReturnType<typeof write>;
  }> {
    const stream = streamOf(
      keyStream,
      createHash('sha256')
        .update(canonicalJson([actor.id, key]))
        .digest('hex'),
    );
    const bodyHash = createHash('sha256')
      .update(canonicalJson(body ?? null))
      .digest('hex');
    const answer = await unit.load(stream);
    if (answer && (answer.command !== command || answer.bodyHash !== bodyHash)) throw new KeyReused(answer.command);
    return {
      answer,
      write: (unit, outcome) => {
        const events = outcome instanceof Refused ? [] : unit.answeredStreams();
        return write(stream, {
          type: 'KeyAnswered',
          data: {
            command,
            bodyHash,
            outcome: outcome instanceof Refused ? 'refused' : events.length > 0 ? 'done' : 'unchanged',
            events,
            refusals: outcome instanceof Refused ? outcome.refusals : [],
            reply: outcome instanceof Refused ? {} : (outcome.reply.kept ?? {}),
          },
        });
      },
    };
  }

  private async repeat(answer: StoredAnswer): Promise<CommandAnswer> {
    if (answer.outcome === 'refused') return { outcome: 'refused', position: null, refusals: answer.refusals };
    const events: AnsweredEvent[] = [];
    for (const { stream, revision } of answer.events) events.push(await this.recorded(stream, BigInt(revision)));
    const last = events.at(-1)?.position;
    return { outcome: answer.outcome, position: last == null ? null : BigInt(last), events, reply: answer.reply };
  }

  private async recorded(stream: string, revision: Revision): Promise<AnsweredEvent> {
    for await (const page of this.options.log.readStream(stream, revision))
      for (const { id, type, position, recordedAt, data } of page)
        return { id, type, stream, revision: `${revision}`, position: `${position}`, recordedAt, data };
    throw new Error(`${stream} has no revision ${revision}, though a stored answer names it`);
  }
}

type StoredAnswer = NonNullable<(typeof keyStream)['initial']>;

/** The metadata of a command's events, as canonical JSON. */
export function commandMeta(name: string, command: BaseCommand, context: CommandContext, commandId: string): string {
  const { actor, correlationId, causationId = commandId, client } = context;
  const meta: EventMeta = {
    actor: { id: actor.id, name: actor.name, roles: actor.roles, via: actor.via },
    command: name,
    reason: command.reason ?? null,
    ticket: command.ticket ?? null,
    commandId,
    correlationId,
    causationId,
    client,
  };
  return canonicalJson(meta);
}

/** The audit entry of a refusal. */
export function refusal<C extends BaseCommand>(
  definition: CommandDefinition<C>,
  command: C,
  refusals: readonly Refusal[],
  commandId: string,
): ReturnType<typeof write> {
  const fields = Object.fromEntries(Object.entries(command).filter(([, value]) => value !== undefined));
  return write(streamOf(refusalStream, commandId), {
    type: 'CommandRefused',
    data: { command: definition.name, fields, subjects: definition.subjects(command), refusals },
  });
}

function accepted(
  shown: readonly Pending[],
  appended: Appended,
  reply: Readonly<Record<string, unknown>>,
): CommandAnswer {
  const events: AnsweredEvent[] = [];
  let position: Position | null = null;
  for (const [index, pending] of shown.entries()) {
    if (pending.internal) continue;
    position = appended.positions[index] ?? null;
    events.push(answered(pending, appended.revisions[index], position, appended.recordedAt));
  }
  return { outcome: events.length > 0 ? 'done' : 'unchanged', position, events, reply };
}

function answered(
  { record, data }: Pending,
  revision?: Revision,
  position: Position | null = null,
  recordedAt: string | null = null,
): AnsweredEvent {
  return {
    id: record.id,
    type: record.type,
    stream: record.stream,
    revision: revision === undefined ? null : `${revision}`,
    position: position === null ? null : `${position}`,
    recordedAt,
    data,
  };
}
