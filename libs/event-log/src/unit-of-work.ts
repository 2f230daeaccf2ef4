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
import type { SharedLooks } from './shared-looks.js';
import type { Folded, StateCache } from './state-cache.js';
import { SetAside, type SetAsideStream } from './set-aside.js';
import { upcast } from './stored-event.js';

interface Loaded {
  /** The revision read; undefined where the stream had no events. */
  readonly read: Revision | undefined;
  readonly state: unknown;
  /** Events this unit adds to it. */
  readonly added: number;
  readonly type: StreamType<unknown, DomainEvent>;
}

/** A stream of which only the revision is known here: what was decided on it was decided before. */
interface Unread {
  readonly read: Revision | undefined;
  readonly added: number;
  readonly type?: undefined;
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

/** Events of one stream that were decided before, and what they rest on. */
export interface Decided {
  readonly stream: string;
  /** `text`: the data as canonical JSON. */
  readonly events: readonly { readonly type: string; readonly data: object; readonly text: string }[];
  /** The stream itself is among them. */
  readonly restsOn: readonly RestsOn[];
}

/** What was asked for while something was decided. */
interface Noted {
  readonly streams: Set<string>;
  asRecorded: boolean;
}

/** What units of one shell read from. */
export interface Sources {
  readonly log: EventLogReader;
  readonly cache: StateCache;
  readonly catalogue: EventCatalogue;
  readonly counting: Counting;
  readonly looks: SharedLooks;
}

/** Streams that one unit may bring into the cache, about. */
const cachedOfOneMax = 1000;

/** One decision or a batch of them, on the same reading of the log, to be appended at once. */
export class UnitOfWork implements Transaction {
  private readonly loaded = new Map<string, Loaded | Unread>();
  readonly pending: Pending[] = [];
  /** What each stream was before the unit wrote to it, write by write: the way back of `allOrNothing`. */
  private readonly undo: (readonly [stream: string, before: Loaded])[] = [];
  private noted: Noted | undefined;
  private readonly reading = new Map<string, Promise<unknown>>();
  /** Of a unit that hands over what it records. */
  private readonly aside = new SetAside();

  /** @param current looks in the log for what others have added to a stream that is in memory */
  constructor(
    private readonly sources: Sources,
    private readonly actsFor: Actor,
    private readonly moment: string,
    private readonly isPlan: boolean,
    private readonly current: boolean,
  ) {}

  get actor(): Actor {
    this.noteElse();
    return this.actsFor;
  }

  get now(): string {
    this.noteElse();
    return this.moment;
  }

  get planning(): boolean {
    this.noteElse();
    return this.isPlan;
  }

  get counting(): Counting {
    this.noteElse();
    return this.sources.counting;
  }

  load<S, E extends DomainEvent>(stream: StreamRef<S, E>): S | Promise<S> {
    const name = storedName(stream);
    const known = this.loaded.get(name);
    const aside = known ? undefined : this.aside.take(name);
    if (aside) return this.once(name, () => this.foldAgain(stream, name, aside));
    this.note(name, known);
    if (known && !known.type) throw new Error(`stream ${name} was written to without being read`);
    if (known) return known.state as S;
    const cached = this.sources.cache.get(name);
    if (cached && !this.current && !this.reading.has(name)) {
      this.loaded.set(name, {
        read: cached.revision,
        state: cached.state,
        added: 0,
        type: stream.type,
      });
      return cached.state as S;
    }
    return this.once(name, () => this.read(stream, cached));
  }

  /**
   * Reads at once what decisions would read one after another: every engine reads many streams together faster. They are asked for their
   * readings alone: what they answer, or that they can't, is found out when they are decided.
   */
  async readAhead(decisions: readonly ((tx: Transaction) => Promise<unknown>)[]): Promise<void> {
    const { actor, now } = this;
    const load: Transaction['load'] = (stream) => this.load(stream);
    const newSecret = (): string => '';
    const scout: Transaction = { load, actor, now, planning: true, newSecret, counting: uncounted };
    await Promise.all(decisions.map((decision) => decision(scout).catch(() => undefined)));
  }

  newSecret(): string {
    this.noteElse();
    return randomBytes(32).toString('base64url');
  }

  /** Adds events; they are appended together with everything else of this unit. `meta` is canonical JSON. */
  async record(write: Write, meta: string): Promise<void> {
    if (write.events.length === 0) return;
    await this.load(write.stream);
    const stream = storedName(write.stream);
    const known = this.loaded.get(stream);
    if (!known?.type) throw new Error(`stream ${stream} was not loaded`);
    let { state } = known;
    for (const event of write.events) {
      state = known.type.evolve(state, event);
      this.add(stream, event.type, event.data, canonicalJson(event.data), meta);
    }
    this.undo.push([stream, known]);
    this.loaded.set(stream, { ...known, state, added: known.added + write.events.length });
  }

  /** Whether `recordDecided` can be asked: what this unit knows of the streams is what was known then, and it has not read the one written. */
  takesDecided({ stream: written, restsOn }: Decided): boolean {
    return restsOn.every(({ stream, read }) => {
      const known = this.loaded.get(stream);
      if (!known) return true;
      return known.read === (read ?? undefined) && known.added === 0 && !(known.type && stream === written);
    });
  }

  /**
   * Adds events that were decided before, without reading anything: the append checks that every stream that they rest on stands where it
   * stood then. Only what `takesDecided`.
   */
  recordDecided({ stream, events, restsOn }: Decided, meta: string): void {
    for (const { stream: each, read } of restsOn)
      if (!this.loaded.has(each)) this.loaded.set(each, { read: read ?? undefined, added: 0 });
    const known = this.loaded.get(stream);
    if (!known || known.type) throw new Error(`stream ${stream} was read, or is none that the events rest on`);
    for (const { type, data, text } of events) this.add(stream, type, data, text, meta);
    this.loaded.set(stream, { ...known, added: known.added + events.length });
  }

  private add(stream: string, type: string, data: object, text: string, meta: string): void {
    const descriptor = this.sources.catalogue[type];
    if (!descriptor) throw new Error(`no descriptor for the event ${type}`);
    const { schemaVersion, internal = false } = descriptor;
    this.pending.push({
      record: { stream, id: randomUUID(), type, schemaVersion, data: text, meta },
      data,
      internal,
    });
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

  /**
   * What `body` rests on: every stream that it asks for, at the revision at which this unit has read it. `asRecorded`: on nothing else, not
   * on what this unit has decided before either, nor on the time, who acts or any count.
   */
  async resting<T>(
    body: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly restsOn: readonly RestsOn[]; readonly asRecorded: boolean }> {
    const noted: Noted = { streams: new Set(), asRecorded: true };
    this.noted = noted;
    try {
      const value = await body();
      return {
        value,
        restsOn: Array.from(noted.streams, (stream) => ({ stream, read: this.loaded.get(stream)?.read ?? null })),
        asRecorded: noted.asRecorded,
      };
    } finally {
      this.noted = undefined;
    }
  }

  /** Hands over what was recorded so far; states stay as they have become. For decisions that are told and never appended. */
  take(): readonly Pending[] {
    this.undo.length = 0;
    for (const { record } of this.pending) this.aside.noteAdded(record.stream, record.type, record.data);
    this.aside.relieve(this.loaded);
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
    for (const [stream, known] of this.loaded) {
      if (known.added === 0) continue;
      const revision = (known.read ?? -1n) + BigInt(known.added);
      if (known.type) this.sources.cache.put(stream, { state: known.state, revision });
      else this.sources.cache.evict(stream, revision);
    }
  }

  /** The state of a stream as it had become here, made again. */
  private async foldAgain<S, E extends DomainEvent>(
    stream: StreamRef<S, E>,
    name: string,
    { read, events }: SetAsideStream,
  ): Promise<S> {
    const { cache } = this.sources;
    const cached = cache.get(name);
    let state = cached && cached.revision === read ? (cached.state as S) : await this.stateAt(stream, name, read);
    for (const event of events) state = stream.type.evolve(state, event as unknown as E);
    const known = { read, state, added: events.length, type: stream.type };
    this.loaded.set(name, known);
    this.note(name, known);
    return state;
  }

  private async stateAt<S, E extends DomainEvent>(
    stream: StreamRef<S, E>,
    name: string,
    revision: Revision | undefined,
  ): Promise<S> {
    const { log, catalogue } = this.sources;
    let state = stream.type.initial;
    if (revision === undefined) return state;
    for await (const page of log.readStream(name))
      for (const event of page) {
        if (event.revision > revision) return state;
        state = stream.type.evolve(state, { type: event.type, data: upcast(catalogue, event) } as unknown as E);
      }
    return state;
  }

  private note(stream: string, known: Loaded | Unread | undefined): void {
    const { noted } = this;
    if (!noted || noted.streams.has(stream)) return;
    noted.streams.add(stream);
    if (known && known.added > 0) noted.asRecorded = false;
  }

  private noteElse(): void {
    if (this.noted) this.noted.asRecorded = false;
  }

  private async revisionAfter(stream: string, read: Revision | undefined): Promise<Revision | undefined> {
    for await (const page of this.sources.log.readStream(stream, (read ?? -1n) + 1n)) return page.at(-1)?.revision;
    return undefined;
  }

  private once<S>(name: string, reading: () => Promise<S>): Promise<S> {
    const underWay = this.reading.get(name);
    if (underWay) return underWay as Promise<S>;
    const read = reading().finally(() => this.reading.delete(name));
    this.reading.set(name, read);
    return read;
  }

  private async read<S, E extends DomainEvent>(stream: StreamRef<S, E>, known: Folded | undefined): Promise<S> {
    const name = storedName(stream);
    const { looks, cache } = this.sources;
    const { state, revision } = this.current
      ? await looks.take(name, () => this.fold(stream, name, cache.get(name)))
      : await this.fold(stream, name, known);
    this.loaded.set(name, { read: revision, state, added: 0, type: stream.type });
    return state as S;
  }

  private async fold<S, E extends DomainEvent>(
    stream: StreamRef<S, E>,
    name: string,
    known: Folded | undefined,
  ): Promise<Partial<Folded>> {
    const { log, cache, catalogue } = this.sources;
    let state = known ? (known.state as S) : stream.type.initial;
    let revision = known?.revision;
    for await (const page of log.readStream(name, (revision ?? -1n) + 1n))
      for (const event of page) {
        state = stream.type.evolve(state, { type: event.type, data: upcast(catalogue, event) } as unknown as E);
        revision = event.revision;
      }
    if (revision === undefined) return { state };
    // Who reads very many leaves to others what they have used last.
    if (this.loaded.size < cachedOfOneMax) cache.put(name, { state, revision });
    return { state, revision };
  }
}

const notAhead = (): Promise<never> => Promise.reject(new Error('nothing is counted ahead'));
const uncounted: Counting = {
  policyHolders: notAhead,
  usersHomed: notAhead,
  deploymentsHomed: notAhead,
  clientsConnected: notAhead,
  contentElsewhere: notAhead,
};

/** Engines take names of 1024 characters: an id that leaves no room for itself is replaced by its SHA-256. */
const nameCharactersMax = 1000;

function storedName({ name, type: { category } }: Pick<StreamRef, 'name' | 'type'>): string {
  if (name.length <= nameCharactersMax) return name;
  return `${category}-${createHash('sha256').update(name).digest('hex')}`;
}
