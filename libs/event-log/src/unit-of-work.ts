import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  Accepted,
  type Actor,
  canonicalJson,
  type CommandDefinition,
  type Counting,
  type EventCatalogue,
  Prepared,
  type Refusal,
  Refused,
  type StreamRef,
  type StreamType,
  type Transaction,
  type BaseCommand,
  type DomainEvent,
  type Write,
} from '#kernel';
import type { Check, Conflict, EventLogReader, NewRecord, Revision } from './event-log.js';
import type { Folded, StateCache } from './state-cache.js';
import { upcast } from './stored-event.js';

interface Loaded {
  /** The revision read; undefined where the stream had no events. */
  readonly read: Revision | undefined;
  readonly state: unknown;
  /** Events this unit adds to it. */
  readonly added: number;
  readonly type: StreamType<unknown, DomainEvent>;
}

/** A recorded event that the answer may show; its revision and position come with the append. */
export interface Pending {
  readonly record: NewRecord;
  readonly data: object;
  readonly internal: boolean;
}

/** A stream that a decision has looked at; `read` is null where it had no events. */
export interface RestsOn {
  readonly stream: string;
  readonly read: Revision | null;
}

/** What units of one shell read from. */
export interface Sources {
  readonly log: EventLogReader;
  readonly cache: StateCache;
  readonly catalogue: EventCatalogue;
  readonly counting: Counting;
}

/** One decision or a batch of them, on the same reading of the log, to be appended at once. */
export class UnitOfWork implements Transaction {
  private readonly loaded = new Map<string, Loaded>();
  readonly pending: Pending[] = [];
  /** What each stream was before the unit wrote to it, write by write: the way back of `allOrNothing`. */
  private readonly undo: (readonly [stream: string, before: Loaded])[] = [];
  /** The streams that are being noted by `resting`. */
  private noted: Set<string> | undefined;

  /** @param current looks in the log for what others have added to a stream that is in memory */
  constructor(
    private readonly sources: Sources,
    readonly actor: Actor,
    readonly now: string,
    readonly planning: boolean,
    private readonly current: boolean,
  ) {}

  get counting(): Counting {
    return this.sources.counting;
  }

  load<S, E extends DomainEvent>(stream: StreamRef<S, E>): S | Promise<S> {
    const name = storedName(stream);
    this.noted?.add(name);
    const known = this.loaded.get(name);
    if (known) return known.state as S;
    const cached = this.sources.cache.get(name);
    if (cached && !this.current) {
      this.loaded.set(name, {
        read: cached.revision,
        state: cached.state,
        added: 0,
        type: stream.type,
      });
      return cached.state as S;
    }
    return this.read(stream, cached);
  }

  newSecret(): string {
    return randomBytes(32).toString('base64url');
  }

  /** Adds events; they are appended together with everything else of this unit. `meta` is canonical JSON. */
  async record(write: Write, meta: string): Promise<void> {
    if (write.events.length === 0) return;
    await this.load(write.stream);
    const stream = storedName(write.stream);
    const known = this.loaded.get(stream);
    if (!known) throw new Error(`stream ${stream} was not loaded`);
    let { state } = known;
    for (const event of write.events) {
      const descriptor = this.sources.catalogue[event.type];
      if (!descriptor) throw new Error(`no descriptor for the event ${event.type}`);
      state = known.type.evolve(state, event);
      this.pending.push({
        record: {
          stream,
          id: randomUUID(),
          type: event.type,
          schemaVersion: descriptor.schemaVersion,
          data: canonicalJson(event.data),
          meta,
        },
        data: event.data,
        internal: descriptor.internal ?? false,
      });
    }
    this.undo.push([stream, known]);
    this.loaded.set(stream, { ...known, state, added: known.added + write.events.length });
  }

  /** Asks one command's handler and records what it accepts; a refusal records nothing. */
  async decide<C extends BaseCommand>(
    definition: CommandDefinition<C>,
    command: C,
    meta: string,
  ): Promise<Accepted | Refused | Prepared> {
    const outcome = await definition.handle(command, this);
    if (outcome instanceof Accepted) for (const write of outcome.writes) await this.record(write, meta);
    return outcome;
  }

  /** Runs several decisions as one: where `body` answers refusals, nothing of it stays. */
  async allOrNothing(body: () => Promise<readonly Refusal[] | undefined>): Promise<readonly Refusal[] | undefined> {
    const pending = this.pending.length;
    const writes = this.undo.length;
    const refusals = await body();
    if (refusals) {
      this.pending.length = pending;
      // What was read meanwhile stays, as a check: the refusal rests on it.
      for (const [stream, before] of this.undo.splice(writes).toReversed()) this.loaded.set(stream, before);
    }
    return refusals;
  }

  /** What `body` rests on: every stream that it asks for, at the revision at which this unit has read it. */
  async resting<T>(body: () => Promise<T>): Promise<{ readonly value: T; readonly restsOn: readonly RestsOn[] }> {
    const noted = new Set<string>();
    this.noted = noted;
    try {
      const value = await body();
      return {
        value,
        restsOn: Array.from(noted, (stream) => ({ stream, read: this.loaded.get(stream)?.read ?? null })),
      };
    } finally {
      this.noted = undefined;
    }
  }

  /** Hands over what was recorded so far; states stay as they have become. For decisions that are told and never appended. */
  take(): readonly Pending[] {
    this.undo.length = 0;
    return this.pending.splice(0);
  }

  /** The exact check of every stream written, and the revision at which every other one was read. */
  checks(): Check[] {
    return Array.from(this.loaded, ([stream, { read }]) => ({ stream, expect: read ?? ('no-stream' as const) }));
  }

  /** The checks that fail by now, asked of the log without appending; undefined where all of them hold at one moment. */
  async moved(): Promise<Conflict | undefined> {
    const conflicts = await Promise.all(
      Array.from(this.loaded, async ([stream, { read }]) => {
        const actual = await this.revisionAfter(stream, read);
        return actual === undefined ? [] : [{ stream, expect: read ?? ('no-stream' as const), actual }];
      }),
    );
    return conflicts.some((conflict) => conflict.length > 0) ? { conflicts: conflicts.flat() } : undefined;
  }

  /** Where the events that answers show will stand once appended. */
  answeredStreams(): { readonly stream: string; readonly revision: string }[] {
    const next = new Map<string, Revision>();
    const places: { stream: string; revision: string }[] = [];
    for (const { record, internal } of this.pending) {
      const revision = next.get(record.stream) ?? (this.loaded.get(record.stream)?.read ?? -1n) + 1n;
      next.set(record.stream, revision + 1n);
      if (!internal) places.push({ stream: record.stream, revision: `${revision}` });
    }
    return places;
  }

  /** Tells the cache what the streams written look like now that the append has succeeded. */
  landed(): void {
    for (const [stream, { read, state, added }] of this.loaded)
      if (added > 0) this.sources.cache.put(stream, { state, revision: (read ?? -1n) + BigInt(added) });
  }

  private async revisionAfter(stream: string, read: Revision | undefined): Promise<Revision | undefined> {
    for await (const page of this.sources.log.readStream(stream, (read ?? -1n) + 1n)) return page.at(-1)?.revision;
    return undefined;
  }

  private async read<S, E extends DomainEvent>(stream: StreamRef<S, E>, known: Folded | undefined): Promise<S> {
    const { log, cache, catalogue } = this.sources;
    const name = storedName(stream);
    let state = known ? (known.state as S) : stream.type.initial;
    let revision = known?.revision;
    for await (const page of log.readStream(name, (revision ?? -1n) + 1n))
      for (const event of page) {
        state = stream.type.evolve(state, { type: event.type, data: upcast(catalogue, event) } as unknown as E);
        revision = event.revision;
      }
    if (revision !== undefined) cache.put(name, { state, revision });
    this.loaded.set(name, { read: revision, state, added: 0, type: stream.type });
    return state;
  }
}

/** Engines take names of 1024 characters: an id that leaves no room for itself is replaced by its SHA-256. */
const nameCharactersMax = 1000;

function storedName({ name, type: { category } }: Pick<StreamRef, 'name' | 'type'>): string {
  if (name.length <= nameCharactersMax) return name;
  return `${category}-${createHash('sha256').update(name).digest('hex')}`;
}
