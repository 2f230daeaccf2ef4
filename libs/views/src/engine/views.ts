import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLogReader } from '#event-log';
import type { Counting } from '#kernel';
import type { Projection } from '../projection.js';
import type { Moment, ViewDefinition } from '../view.js';
import { Gauges } from './gauges.js';
import type {
  Failure,
  Failures,
  Files,
  FromProjector,
  FromReader,
  Port,
  RebuildOrder,
  ToProjector,
  ToReader,
} from './messages.js';
import { Queries, type ViewAnswer, type ViewRequest } from './queries.js';
import { heard, Questions } from './questions.js';
import type { Builder } from './builders.js';
import type { RebuildStatus, RebuildUnderWay } from './rebuild-job.js';
import { Rebuilds } from './rebuilds.js';
import { type ProjectionStatus, Standing } from './standing.js';

const closeMsMax = 5000;

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

export interface Advance {
  readonly position: bigint;
  /** What the events up to it were about; `estate` where that is too much to list. */
  readonly subjects: readonly string[];
}

/** The read models, as the server asks them. */
export class Views {
  private readonly gauges: Gauges;
  private readonly listeners = new Set<(advance: Advance) => void>();
  private ended: Error | undefined;
  private readonly broken = Promise.withResolvers<never>();
  private readonly projectors: readonly Questions<ToProjector>[];
  private readonly queries: Queries;
  private readonly rebuilds: Rebuilds;
  private files: Files = {};
  private readonly standing: Standing;

  private constructor(
    private readonly options: ViewsOptions,
    private readonly crew: Crew,
  ) {
    const { definitions, log, now = Date.now } = options;
    const head = (): Promise<bigint> => log.head();
    this.gauges = Gauges.of(options.threads.flat().map(({ name }) => name));
    this.projectors = crew.projectors.map((port) => new Questions<ToProjector>(port));
    this.queries = new Queries({ definitions, gauges: this.gauges, head, now, reader: crew.reader });
    this.rebuilds = new Rebuilds({
      threads: options.threads,
      gauges: this.gauges,
      projectors: this.projectors,
      hire: crew.hire,
      files: () => this.files,
      attach: (files) => this.queries.attach(files),
      swapped: (files, failures) => this.swapped(files, failures),
      head,
      pulse: this.queries.pulse,
      onTrouble: (error) => options.onTrouble?.(error, false),
    });
    this.standing = new Standing(this.gauges, this.rebuilds, log, now);
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
  query(path: string, request: ViewRequest): Promise<ViewAnswer> {
    return this.queries.query(path, request);
  }

  /** The last position of a moment; waits for nothing but what tells which that is. @throws {FutureMoment} {@link NotReached} */
  positionOf(moment: Moment): Promise<bigint> {
    return this.queries.positionOf(moment);
  }

  /** Waits until every projection has the position. @throws {NotReached} after 2 s. */
  reached(position: bigint): Promise<void> {
    return this.queries.reached(this.gauges.names, position);
  }

  /** Counts for commands: each waits until the views have what was in the log at the call. @throws {NotReached} after 2 s. */
  counting(head: () => Promise<bigint>): Counting {
    return this.queries.counting(head);
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
    const { projectors, onEnd } = this.crew;
    this.broken.promise.catch(() => undefined);
    onEnd((error) => {
      if (!this.ended) this.options.onTrouble?.(error.stack ?? error.message, true);
      this.end(error);
    });
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
    await this.queries.attach(this.files);
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
    for (const asked of [this.queries, ...this.projectors]) asked.end(this.ended);
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
}

function stop<In extends { readonly kind: 'stopped' } | { readonly kind: string }>(
  port: Port<In, { readonly kind: 'stop' }>,
): Promise<unknown> {
  const stopped = heard(port as Port<{ readonly kind: string }, never>, 'stopped');
  port.postMessage({ kind: 'stop' });
  return stopped;
}
