import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLogReader } from '#event-log';
import type { Counting, Role } from '#kernel';
import { CountingViews, countingDefinitions } from '../estate/counting.js';
import { FutureMoment, NotReached, ViewNotMade, ViewsBusy, WrongMoment } from '../errors.js';
import { moments } from '../moments.js';
import type { Projection } from '../projection.js';
import { BadCursor, type ListAnswer, type ViewDefinition } from '../view.js';
import { Gauges } from './gauges.js';
import type {
  AttachMessage,
  Failure,
  Failures,
  Files,
  FromProjector,
  FromReader,
  MomentMessage,
  Port,
  QueryMessage,
  RebuildOrder,
  ToProjector,
  ToReader,
} from './messages.js';
import { heard, Questions } from './questions.js';
import { eventsUpTo } from './rate.js';
import type { Builder, RebuildStatus, RebuildUnderWay } from './rebuild-job.js';
import { Rebuilds } from './rebuilds.js';
import { type ProjectionStatus, Standing } from './standing.js';

const waitMsMax = 2000;
const closeMsMax = 5000;
const queriesMax = 256;

export interface ViewsOptions {
  readonly definitions: readonly ViewDefinition[];
  /** The projections, thread by thread. The first thread's tell what changed. */
  readonly threads: readonly (readonly Projection[])[];
  readonly log: Pick<EventLogReader, 'head' | 'readAll'>;
  /** ms since 1970 */
  readonly now?: () => number;
  readonly onFailed?: (projection: string, failure: Failure) => void;
  /** The log could not be read, or a thread ended by itself (then `fatal`: no view moves or answers any more). */
  readonly onTrouble?: (error: string, fatal: boolean) => void;
}

/** The threads behind the views: workers, or the same code over channels. */
export interface Crew {
  readonly projectors: readonly Port<FromProjector, ToProjector>[];
  readonly reader: Port<FromReader, ToReader>;
  /** Another thread, for as long as a rebuild takes. */
  readonly hire: () => Builder;
  /** Says when a thread has ended by itself. */
  readonly onEnd: (listener: (error: Error) => void) => void;
  /** After every thread was told to stop and said so. */
  readonly dismiss: () => Promise<void>;
}

export type AsOf = { readonly position: bigint } | { readonly instant: string };

export interface ViewRequest {
  /** Path and query parameters, parsed. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly roles?: readonly Role[];
  readonly asOf?: AsOf | undefined;
  /** Wait until the view has seen this position. */
  readonly after?: bigint | undefined;
  /** Answer for what there is, also where the view is still being made. */
  readonly evenUnmade?: boolean;
}

export interface ViewAnswer {
  /** Nothing after it is in the answer, everything up to it is. 0n is the empty world's. */
  readonly position: bigint;
  /** Undefined: there is no such thing. */
  readonly body: ListAnswer | object | undefined;
}

export interface Advance {
  readonly position: bigint;
  /** What the events up to it were about; `estate` where that is too much to list. */
  readonly subjects: readonly string[];
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The read models, as the server asks them. */
export class Views {
  private readonly gauges: Gauges;
  private readonly byPath: ReadonlyMap<string, ViewDefinition>;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<(advance: Advance) => void>();
  private readonly now: () => number;
  private lastId = 0;
  private ended: Error | undefined;
  private readonly broken = Promise.withResolvers<never>();
  private readonly projectors: readonly Questions<ToProjector>[];
  private readonly rebuilds: Rebuilds;
  private files: Files = {};
  private readonly standing: Standing;
  /** Counts what is asked: a rebuild steps back where much is. */
  private readonly pulse = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Those that have not caught up since the start. Until then their views do not answer: it would be from before the start. */
  private readonly unmade: Set<string>;

  private constructor(
    private readonly options: ViewsOptions,
    private readonly crew: Crew,
  ) {
    const definitions = [...options.definitions, ...countingDefinitions];
    this.byPath = new Map(definitions.map((definition) => [definition.path, definition]));
    this.gauges = Gauges.of(options.threads.flat().map(({ name }) => name));
    this.now = options.now ?? Date.now;
    this.unmade = new Set(this.gauges.names);
    this.projectors = crew.projectors.map((port) => new Questions<ToProjector>(port));
    this.rebuilds = new Rebuilds({
      threads: options.threads,
      gauges: this.gauges,
      projectors: this.projectors,
      hire: crew.hire,
      files: () => this.files,
      attach: (files) => this.send({ kind: 'attach', files }),
      swapped: (files, failures) => this.swapped(files, failures),
      head: () => options.log.head(),
      pulse: this.pulse.buffer,
      onTrouble: (error) => options.onTrouble?.(error, false),
    });
    this.standing = new Standing(this.gauges, this.rebuilds, options.log, this.now);
  }

  /** Resolves when every read model can be asked, however far it has come. */
  static async over(options: ViewsOptions, crew: Crew): Promise<Views> {
    const views = new Views(options, crew);
    await views.begin();
    return views;
  }

  /**
   * @throws {FutureMoment} {@link WrongMoment} {@link NotReached} {@link ViewNotMade} {@link ViewsBusy} {@link BadCursor}
   */
  async query(path: string, request: ViewRequest): Promise<ViewAnswer> {
    const definition = this.byPath.get(path);
    if (!definition) throw new Error(`no view is called ${path}`);
    const { after } = request;
    const { projections } = definition;
    if (after !== undefined) await this.reachAll(projections, after);
    const { from, to } = definition.moments?.(request.input) ?? {};
    if (to && request.asOf) throw new WrongMoment('stands in the place of asOf: give one of them', 'to');
    const asOf = request.asOf ?? to;
    if (!asOf && !request.evenUnmade && this.unmade.size > 0) await this.made(projections);
    if (from) await this.checkPast(from, 'from');
    if (asOf) await this.checkPast(asOf, to ? 'to' : 'asOf');
    const instant = asOf && 'instant' in asOf ? asOf.instant : asOf ? null : new Date(this.now()).toISOString();
    const at = asOf ? Number(await this.pastPosition(projections, asOf)) : this.lowest(projections);
    const body = await this.ask<ListAnswer | object | undefined>({
      kind: 'query',
      path,
      at,
      instant,
      input: request.input,
      limit: request.limit ?? 50,
      cursor: request.cursor,
      roles: request.roles ?? [],
    });
    return { position: at < 0 ? 0n : BigInt(at), body };
  }

  /** The last position of a moment; waits for nothing but what tells which that is. @throws {FutureMoment} {@link NotReached} */
  async positionOf(asOf: AsOf): Promise<bigint> {
    await this.checkPast(asOf, 'asOf');
    return 'position' in asOf ? asOf.position : await this.pastPosition([], asOf);
  }

  /** Waits until every projection has the position. @throws {NotReached} after 2 s. */
  async reached(position: bigint): Promise<void> {
    await this.reachAll(this.gauges.names, position);
  }

  /** Tells what changed, once the first thread's projections have it. Returns how to stop. */
  onAdvance(listener: (advance: Advance) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  statuses(): Promise<readonly ProjectionStatus[]> {
    return this.standing.statuses();
  }

  /** Lets a failed projection try again from where it stopped; false where it has not failed. */
  retry(projection: string): boolean {
    const thread = this.options.threads.findIndex((projections) => projections.some(({ name }) => name === projection));
    if (!this.standing.failures.delete(projection)) return false;
    this.gauges.become(projection, 'rebuilding');
    this.crew.projectors[thread]?.postMessage({ kind: 'retry', projection });
    return true;
  }

  /**
   * Makes read models anew beside those that serve, and puts them in their place in one step; or compares them and tells. Resolves when a
   * restart would go on with it. @throws {RebuildRunning}
   */
  async rebuild(names: readonly string[], order: Omit<RebuildOrder, 'id' | 'startedAt'>): Promise<RebuildUnderWay> {
    return await this.rebuilds.start(names, order);
  }

  /** The comparison that a projection is in, where one is under way. */
  comparison(name: string): RebuildUnderWay | undefined {
    const job = this.rebuilds.jobOf(name);
    return job?.order.purpose === 'compare' ? job : undefined;
  }

  /** Of the rebuild that runs, or of the last one since the start. */
  rebuildOf(name: string): RebuildStatus | undefined {
    return this.rebuilds.status(name);
  }

  /** Cancels the rebuilds that these are in. @throws {CannotCancel} */
  async cancelRebuild(names: readonly string[]): Promise<void> {
    await this.rebuilds.cancel(names);
  }

  get names(): readonly string[] {
    return this.gauges.names;
  }

  /** Tells how far projections are that are being made, twice a second, and what becomes of them. Returns how to stop. */
  onStatus(listener: (status: ProjectionStatus) => void): () => void {
    return this.standing.on(listener);
  }

  /** Counts for commands: each waits until the views have what was in the log at the call. @throws {NotReached} after 2 s. */
  counting(head: () => Promise<bigint>): Counting {
    return new CountingViews(async (path, input) => {
      const definition = this.byPath.get(path);
      await this.reachAll(definition?.projections ?? [], await head());
      return (await this.query(path, { input })).body;
    });
  }

  async close(): Promise<void> {
    const { projectors, reader, dismiss } = this.crew;
    this.standing.end();
    await this.rebuilds.close();
    const stopped = [...projectors.map((port) => stop(port)), stop(reader)];
    const late = sleep(closeMsMax, undefined, { ref: false });
    // Where a thread has ended by itself there is nothing to wait for.
    await Promise.race([Promise.all(stopped), this.broken.promise, late]).catch(() => undefined);
    this.end(new Error('the views are closed'));
    await dismiss();
  }

  private async begin(): Promise<void> {
    const { projectors, reader, onEnd } = this.crew;
    this.broken.promise.catch(() => undefined);
    onEnd((error) => {
      if (!this.ended) this.options.onTrouble?.(error.stack ?? error.message, true);
      this.end(error);
    });
    reader.on('message', (message) => this.hear(message));
    const opened = projectors.map(async (port, thread) => {
      port.on('message', (message) => this.hearProjector(message));
      const answer = heard(port, 'opened');
      port.postMessage({
        kind: 'start',
        names: this.gauges.names,
        gauges: this.gauges.buffer,
        announces: thread === 0,
      });
      return await answer;
    });
    const threads = await Promise.race([Promise.all(opened), this.broken.promise]);
    this.files = Object.assign({}, ...threads.map(({ files }) => files)) as Files;
    for (const { versions } of threads)
      for (const [name, version] of Object.entries(versions)) this.standing.versions.set(name, version);
    await this.send({ kind: 'attach', files: this.files });
    this.standing.begin();
    const unfinished = new Map(threads.flatMap((each) => Object.entries(each.unfinished)));
    const outdated = this.options.threads
      .flat()
      .filter(({ name, version }) => this.standing.versions.get(name) !== version);
    const names = outdated.map(({ name }) => name);
    await this.rebuilds
      .resume(unfinished, names)
      .catch((error: unknown) => this.options.onTrouble?.(`rebuilds could not go on: ${String(error)}`, false));
  }

  private hear(message: FromReader): void {
    if (message.kind !== 'answer' && message.kind !== 'error') return;
    const asker = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answer') asker?.resolve(message.answer);
    else if (message.name === 'BadCursor') asker?.reject(new BadCursor(message.message));
    else asker?.reject(Object.assign(new Error(message.message), { name: message.name, stack: message.stack }));
  }

  private hearProjector(message: FromProjector): void {
    if (message.kind === 'advanced') for (const listener of this.listeners) listener(message);
    else if (message.kind === 'trouble') this.options.onTrouble?.(message.error, false);
    else if (message.kind === 'failed') {
      this.standing.failures.set(message.projection, message.failure);
      this.options.onFailed?.(message.projection, message.failure);
    }
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.broken.reject(error);
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
    for (const projector of this.projectors) projector.end(this.ended);
  }

  private ask<Answer>(message: Omit<QueryMessage, 'id'> | Omit<MomentMessage, 'id'>): Promise<Answer> {
    if (this.waiting.size >= queriesMax) return Promise.reject(new ViewsBusy(queriesMax));
    Atomics.add(this.pulse, 0, 1);
    return this.send(message);
  }

  private send<Answer>(
    message: Omit<QueryMessage, 'id'> | Omit<MomentMessage, 'id'> | Omit<AttachMessage, 'id'>,
  ): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.crew.reader.postMessage({ ...message, id });
    }) as Promise<Answer>;
  }

  private lowest(projections: readonly string[]): number {
    return Math.min(...projections.map((name) => Number(this.gauges.position(name))));
  }

  /** Waits until they have caught up since the start; a failed one answers for where it stopped. */
  private async made(projections: readonly string[]): Promise<void> {
    const deadline = Date.now() + waitMsMax;
    for (const name of projections) {
      if (!this.unmade.has(name)) continue;
      if (!(await this.gauges.settled(name, deadline))) {
        const done = Number(this.gauges.events(name));
        const head = await this.options.log.head();
        throw new ViewNotMade(name, done, eventsUpTo(head, this.gauges.position(name), done));
      }
      this.unmade.delete(name);
    }
  }

  private swapped(files: Files, failures: Failures): void {
    this.files = { ...this.files, ...files };
    for (const { name, version } of this.options.threads.flat()) {
      if (!Object.hasOwn(files, name)) continue;
      this.standing.versions.set(name, version);
      this.standing.failures.delete(name);
      const failure = failures[name];
      if (failure) this.standing.failures.set(name, failure);
    }
  }

  private async reachAll(projections: readonly string[], position: bigint): Promise<void> {
    // The empty world's position: everybody has it.
    if (position <= 0n) return;
    const deadline = Date.now() + waitMsMax;
    for (const name of projections)
      if (!(await this.gauges.reach(name, position, deadline))) throw new NotReached(name, position);
  }

  private async checkPast(asOf: AsOf, field: string): Promise<void> {
    if ('instant' in asOf) {
      if (Date.parse(asOf.instant) > this.now()) throw new FutureMoment(`${asOf.instant} is in the future`, field);
      return;
    }
    const head = await this.options.log.head();
    const last = head < 0n ? 0n : head;
    if (asOf.position > last)
      throw new FutureMoment(`position ${asOf.position} is not in the log yet; its last one is ${last}`, field);
  }

  /** Waits until nothing before that moment can be missing any more. */
  private async pastPosition(projections: readonly string[], asOf: AsOf): Promise<bigint> {
    if ('position' in asOf) {
      await this.reachAll([moments.name, ...projections], asOf.position);
      return asOf.position;
    }
    // Once something later is there, no more can come for this instant: the log's times never go backwards.
    if (this.gauges.recordedAt(moments.name) <= BigInt(Date.parse(asOf.instant)))
      await this.reachAll([moments.name], await this.options.log.head());
    const position = BigInt(await this.ask<number>({ kind: 'moment', instant: asOf.instant }));
    await this.reachAll(projections, position);
    return position;
  }
}

function stop<In extends { readonly kind: 'stopped' } | { readonly kind: string }>(
  port: Port<In, { readonly kind: 'stop' }>,
): Promise<unknown> {
  const stopped = heard(port as Port<{ readonly kind: string }, never>, 'stopped');
  port.postMessage({ kind: 'stop' });
  return stopped;
}
