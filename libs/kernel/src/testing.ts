import { type BaseCommand, type CommandDefinition, validateCommand } from './command.js';
import {
  type Accepted,
  type DomainEvent,
  Prepared,
  type Refusal,
  Refused,
  type StreamRef,
  type Write,
} from './decision.js';
import type { Actor, Counting, Transaction } from './transaction.js';

/** What a command was answered in a story. */
export interface Told {
  readonly outcome: 'done' | 'unchanged' | 'refused' | 'prepared';
  /** What was decided, internal events too; for a refusal what is recorded alongside, for `prepared` what comes first. */
  readonly events: readonly DomainEvent[];
  /** One stream's name per event. */
  readonly streams: readonly string[];
  readonly rules: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly reply: Accepted['reply'];
  /** The streams that the decision rests on: those the append would check. */
  readonly rested: readonly string[];
}

export interface Circumstances {
  /** A count that a handler asks for and that is not given fails the spec. */
  readonly counting?: Partial<Counting>;
  readonly planning?: boolean;
  readonly now?: string;
  readonly actor?: Actor;
}

const operator: Actor = { id: 'token-1', name: 'Olga', roles: ['operator'], via: 'api' };
const askingsMax = 4;

/** For specs: `given(…events)`, `when(command, fields)`, then what it was told. Decides as the shell does, in memory. */
export function given(...writes: readonly Write[]): Story {
  const story = new Story();
  for (const write of writes) story.record(write);
  return story;
}

/** Events of a stream, in plain words: no brands. */
export function happened<S, E extends DomainEvent>(stream: StreamRef<S, E>, ...events: readonly DomainEvent[]): Write {
  return { stream: stream as unknown as StreamRef<never, never>, events };
}

export class Story {
  private readonly states = new Map<string, unknown>();
  private circumstances: Circumstances = {};

  /** Counts, time and actor for what follows. */
  where(circumstances: Circumstances): this {
    this.circumstances = { ...this.circumstances, ...circumstances };
    return this;
  }

  /** Sends a command and records what comes of it; what a handler prepares is recorded and the handler asked again. */
  async when<C extends BaseCommand>(definition: CommandDefinition<C>, fields: object): Promise<Told> {
    for (let asking = 1; asking <= askingsMax; asking++) {
      const { told, writes } = await this.decide(definition, fields);
      for (const write of writes) this.record(write);
      if (told.outcome !== 'prepared') return told;
    }
    throw new Error(`${definition.name} prepares again and again`);
  }

  /** Sends commands that have to be done or unchanged: the story so far. */
  async after(...commands: readonly (readonly [CommandDefinition<any>, object])[]): Promise<this> {
    for (const [definition, fields] of commands) {
      const { rules } = await this.when(definition, fields);
      if (rules.length > 0)
        throw new Error(`${definition.name} ${JSON.stringify(fields)} was refused: ${rules.join(', ')}`);
    }
    return this;
  }

  /** Asks once and records nothing. */
  async ask<C extends BaseCommand>(definition: CommandDefinition<C>, fields: object): Promise<Told> {
    return (await this.decide(definition, fields)).told;
  }

  /** The state of a stream as it stands. */
  state<S, E extends DomainEvent>(stream: StreamRef<S, E>): S {
    return this.states.has(stream.name) ? (this.states.get(stream.name) as S) : stream.type.initial;
  }

  record({ stream, events }: Write): void {
    const ref = stream as unknown as StreamRef;
    let state = this.state(ref);
    for (const event of events) state = ref.type.evolve(state, event);
    this.states.set(ref.name, state);
  }

  private async decide<C extends BaseCommand>(
    definition: CommandDefinition<C>,
    fields: object,
  ): Promise<{ told: Told; writes: readonly Write[] }> {
    const validated = validateCommand(definition, fields);
    if (validated.errors) throw new Error(`${definition.name}: ${JSON.stringify(validated.errors)}`);
    const rested = new Set<string>();
    const outcome = await definition.handle(validated.command, this.transaction(rested));
    const refused = outcome instanceof Refused;
    const writes = refused ? outcome.alongside : outcome.writes;
    const events = writes.flatMap((write) => write.events);
    const refusals = refused ? outcome.refusals : [];
    const accepted = events.length > 0 ? 'done' : 'unchanged';
    const told: Told = {
      outcome: refused ? 'refused' : outcome instanceof Prepared ? 'prepared' : accepted,
      events,
      streams: writes.flatMap((write) => write.events.map(() => write.stream.name)),
      rules: refusals.map(({ rule }) => rule),
      refusals,
      reply: refused || outcome instanceof Prepared ? {} : outcome.reply,
      rested: [...rested].toSorted(),
    };
    return { told, writes };
  }

  private transaction(rested: Set<string>): Transaction {
    const { counting = {}, planning = false, now = '2013-05-03T12:00:00.000Z', actor = operator } = this.circumstances;
    const notGiven = (count: string) => () => Promise.reject(new Error(`the story gives no ${count}`));
    return {
      load: (stream) => {
        rested.add(stream.name);
        return this.state(stream);
      },
      now,
      actor,
      planning,
      counting: {
        policyHolders: notGiven('policyHolders'),
        usersHomed: notGiven('usersHomed'),
        deploymentsHomed: notGiven('deploymentsHomed'),
        clientsConnected: notGiven('clientsConnected'),
        contentElsewhere: notGiven('contentElsewhere'),
        ...counting,
      },
      newSecret: () => 'a-secret-of-the-story',
    };
  }
}
