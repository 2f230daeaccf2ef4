import { setTimeout as sleep } from 'node:timers/promises';
import type { Counting, Role } from '#kernel';
import { CountingViews, countingDefinitions } from '../estate/counting.js';
import { FutureMoment, NotReached, ViewsBusy, WrongMoment } from '../errors.js';
import { moments } from '../moments.js';
import type { Projection } from '../projection.js';
import { BadCursor, type ListAnswer, type ViewDefinition } from '../view.js';
import { Gauges, type ProjectionState } from './gauges.js';
import type { Failure, FromProjector, FromReader, Port, QueryMessage, ToProjector, ToReader } from './messages.js';

const waitMsMax = 2000;
const closeMsMax = 5000;
const queriesMax = 256;

export interface ViewsOptions {
  readonly definitions: readonly ViewDefinition[];
  /** The projections, thread by thread. The first thread's tell what changed. */
  readonly threads: readonly (readonly Projection[])[];
  /** The log's last position. */
  readonly head: () => Promise<bigint>;
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
}

export interface ViewAnswer {
  /** Nothing after it is in the answer, everything up to it is. 0n is the empty world's. */
  readonly position: bigint;
  /** Undefined: there is no such thing. */
  readonly body: ListAnswer | object | undefined;
}

export interface ProjectionStatus {
  readonly projection: string;
  readonly version: number;
  readonly position: bigint;
  readonly lagEvents: number;
  readonly lagSeconds: number;
  readonly state: ProjectionState;
  /** 0..1 of the log. */
  readonly progress: number;
  readonly failure?: Failure | undefined;
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
  private readonly failures = new Map<string, Failure>();
  private readonly now: () => number;
  private lastId = 0;
  private ended: Error | undefined;
  private readonly broken = Promise.withResolvers<never>();

  private constructor(
    private readonly options: ViewsOptions,
    private readonly crew: Crew,
  ) {
    const definitions = [...options.definitions, ...countingDefinitions];
    this.byPath = new Map(definitions.map((definition) => [definition.path, definition]));
    this.gauges = Gauges.of(options.threads.flat().map(({ name }) => name));
    this.now = options.now ?? Date.now;
  }

  /** Resolves when every read model can be asked, however far it has come. */
  static async over(options: ViewsOptions, crew: Crew): Promise<Views> {
    const views = new Views(options, crew);
    await views.begin();
    return views;
  }

  /**
   * @throws {FutureMoment} {@link WrongMoment} {@link NotReached} {@link ViewsBusy} {@link BadCursor}
   */
  async query(path: string, request: ViewRequest): Promise<ViewAnswer> {
    const definition = this.byPath.get(path);
    if (!definition) throw new Error(`no view is called ${path}`);
    const { after } = request;
    const { projections } = definition;
    if (after !== undefined) await this.reachAll(projections, after);
    const { from, to } = definition.moments?.(request.input) ?? {};
    if (to && request.asOf) throw new WrongMoment('to stands in the place of asOf: give one of them', 'to');
    const asOf = request.asOf ?? to;
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

  /** Waits until every projection has the position. @throws {NotReached} after 2 s. */
  async reached(position: bigint): Promise<void> {
    await this.reachAll(this.gauges.names, position);
  }

  /** Tells what changed, once the first thread's projections have it. Returns how to stop. */
  onAdvance(listener: (advance: Advance) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async statuses(): Promise<readonly ProjectionStatus[]> {
    const head = await this.options.head();
    return this.options.threads.flat().map(({ name, version }) => this.status(name, version, head));
  }

  /** Lets a failed projection try again from where it stopped; false where it has not failed. */
  retry(projection: string): boolean {
    const thread = this.options.threads.findIndex((projections) => projections.some(({ name }) => name === projection));
    if (!this.failures.delete(projection)) return false;
    this.crew.projectors[thread]?.postMessage({ kind: 'retry', projection });
    return true;
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
      const files = heard(port, 'opened');
      port.postMessage({
        kind: 'start',
        names: this.gauges.names,
        gauges: this.gauges.buffer,
        announces: thread === 0,
      });
      return (await files).files;
    });
    const files = await Promise.race([Promise.all(opened), this.broken.promise]);
    const attached = heard(reader, 'attached');
    reader.postMessage({ kind: 'attach', files: Object.assign({}, ...files) as Record<string, string> });
    await Promise.race([attached, this.broken.promise]);
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
      this.failures.set(message.projection, message.failure);
      this.options.onFailed?.(message.projection, message.failure);
    }
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.broken.reject(error);
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }

  private ask<Answer>(message: Omit<QueryMessage, 'id'> | { kind: 'moment'; instant: string }): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended);
    if (this.waiting.size >= queriesMax) return Promise.reject(new ViewsBusy(queriesMax));
    const id = ++this.lastId;
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.crew.reader.postMessage({ ...message, id });
    }) as Promise<Answer>;
  }

  private lowest(projections: readonly string[]): number {
    return Math.min(...projections.map((name) => Number(this.gauges.position(name))));
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
    const head = await this.options.head();
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
      await this.reachAll([moments.name], await this.options.head());
    const position = BigInt(await this.ask<number>({ kind: 'moment', instant: asOf.instant }));
    await this.reachAll(projections, position);
    return position;
  }

  private status(projection: string, version: number, head: bigint): ProjectionStatus {
    const { gauges } = this;
    const position = gauges.position(projection);
    const behind = head > position;
    // Positions need not be dense: what is left is reckoned from what the seen events took.
    const perPosition = position > 0n ? Number(gauges.events(projection)) / Number(position) : 1;
    const now = this.now();
    const since = Math.max(Number(gauges.caughtUpAt(projection)), Number(gauges.recordedAt(projection)));
    return {
      projection,
      version,
      position: position < 0n ? 0n : position,
      lagEvents: behind ? Math.max(1, Math.round(Number(head - (position < 0n ? 0n : position)) * perPosition)) : 0,
      lagSeconds: behind && since > 0 ? Math.max(0, (now - since) / 1000) : 0,
      state: gauges.state(projection),
      progress: behind && head > 0n ? Math.max(0, Number(position)) / Number(head) : 1,
      failure: this.failures.get(projection),
    };
  }
}

function stop<In extends { readonly kind: 'stopped' } | { readonly kind: string }>(
  port: Port<In, { readonly kind: 'stop' }>,
): Promise<unknown> {
  const stopped = heard(port as Port<{ readonly kind: string }, never>, 'stopped');
  port.postMessage({ kind: 'stop' });
  return stopped;
}

/** The port's next message of this kind. */
function heard<In extends { readonly kind: string }, Kind extends In['kind']>(
  port: Port<In, never>,
  kind: Kind,
): Promise<Extract<In, { readonly kind: Kind }>> {
  return new Promise((resolve) => {
    const listener = (message: In): void => {
      if (message.kind !== kind) return;
      port.off('message', listener);
      resolve(message as Extract<In, { readonly kind: Kind }>);
    };
    port.on('message', listener);
  });
}
