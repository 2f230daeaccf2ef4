import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import { beforeFirst, type EventLogReader, type Position, type RecordedEvent } from '#event-log';
import type { Projection } from '../projection.js';
import { batches, batchEventsMax } from './batches.js';
import type { Gauges } from './gauges.js';
import type { Failure } from './messages.js';
import { readEvent } from './read-event.js';
import type { BatchEvent, Extent } from './read-model.js';

/** While more is there already, one transaction takes so many: readers wait no longer for them than a fraction of a second. */
const transactionEventsMax = 2000;
/** Nor where a slow log brings few at a time. */
const transactionMsMax = 1000;
const subjectsMax = 500;
const retryMsMin = 100;
const retryMsMax = 5000;

/** What is driven along the log. */
export interface Followed {
  readonly projection: Projection;
  readonly position: bigint;
  readonly shown: Extent;
  readonly failure: Failure | undefined;
  /** What it is about readers find after `settle`. Either may go back to what was settled before, where an event cannot be taken. */
  take(batch: readonly BatchEvent[]): void;
  settle(): void;
}

export interface FollowerOptions {
  readonly log: EventLogReader;
  readonly catalogue: EventCatalogue;
  readonly gauges: Gauges;
  /** After a batch, with what it was about: `['estate']` where that is too much to list. */
  readonly onBatch: ((position: Position, subjects: readonly string[]) => void) | undefined;
  readonly onFailed: (model: Followed) => void;
  readonly onCaughtUp: (model: Followed) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Drives read models over one subscription to the log, parsing each event once, until it is stopped. */
export class Follower {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  /** The log's end when it began; undefined until that is known. */
  private ready: Position | undefined;
  /** Of the last event of the subscription that the models have had. */
  private at: Position = beforeFirst;
  private unsettled = 0;
  /** When the first of them was taken. */
  private unsettledSince = 0;
  private retryMs = retryMsMin;
  /** What readers are to be told of when it is settled. */
  private last: Position | undefined;
  private subjects = new Set<string>();

  constructor(
    /** Those that have not failed: one that is retried belongs to another follower. */
    private models: readonly Followed[],
    private readonly options: FollowerOptions,
  ) {
    for (const model of models) this.tell(model);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Goes on with `next` in the place of a model that it has; false where it has not. `next` must have what the model has. */
  replace(model: Followed, next: Followed): boolean {
    if (!this.models.includes(model)) return false;
    this.models = this.models.map((each) => (each === model ? next : each));
    this.tell(next);
    this.markLive();
    return true;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (; !signal.aborted; this.retryMs = Math.min(this.retryMs * 2, retryMsMax)) {
      try {
        const { log } = this.options;
        this.ready = await log.head();
        this.markLive();
        await this.follow(log);
        if (signal.aborted || this.models.length === 0) return;
        continue;
      } catch (error) {
        if (signal.aborted) return;
        // A log that cannot be read now is asked again, later and later; the positions tell how far the views are.
        this.options.onTrouble(error);
      }
      await sleep(this.retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until it is stopped, or a model has gone back to before what comes next. */
  private async follow(log: EventLogReader): Promise<void> {
    const { signal } = this.stopping;
    const leaving = new AbortController();
    this.at = this.lowest();
    const pages = log.subscribe(this.at, AbortSignal.any([signal, leaving.signal]));
    try {
      for await (const { events, more } of batches(pages, {
        eventsMax: batchEventsMax,
        end: this.ready ?? beforeFirst,
      })) {
        if (!this.isBehind()) this.take(events, more);
        // A subscription that waits for the next event ends by nothing else.
        if (this.isBehind() || this.models.length === 0) leaving.abort();
        if (signal.aborted || leaving.signal.aborted) return;
      }
    } finally {
      this.settle();
    }
  }

  private isBehind(): boolean {
    return this.models.some(({ failure, position }) => !failure && position < this.at);
  }

  private lowest(): Position {
    const positions = this.models.map(({ position }) => position);
    return positions.reduce((low, position) => (position < low ? position : low));
  }

  private take(batch: readonly RecordedEvent[], more: boolean): void {
    const events = batch.map((event) => readEvent(this.options.catalogue, event));
    if (this.unsettled === 0) this.unsettledSince = performance.now();
    for (const model of this.models) model.take(events);
    this.unsettled += events.length;
    this.at = this.last = batch.at(-1)?.position ?? this.at;
    this.retryMs = retryMsMin;
    if (this.options.onBatch) this.gather(events);
    const isLong = performance.now() - this.unsettledSince >= transactionMsMax;
    if (!more || isLong || this.unsettled >= transactionEventsMax) this.settle();
  }

  private settle(): void {
    this.unsettled = 0;
    for (const model of this.models) {
      model.settle();
      this.tell(model);
      if (!model.failure) continue;
      this.models = this.models.filter((each) => each !== model);
      this.options.gauges.become(model.projection.name, 'failed');
      this.options.onFailed(model);
    }
    this.markLive();
    const { last, subjects } = this;
    if (last === undefined || this.isBehind()) return;
    this.last = undefined;
    this.subjects = new Set();
    this.options.onBatch?.(last, subjects.size > subjectsMax ? ['estate'] : [...subjects]);
  }

  private gather(events: readonly BatchEvent[]): void {
    const { subjects } = this;
    const { catalogue } = this.options;
    for (const { event, data, unreadable } of events) {
      if (subjects.size > subjectsMax) return;
      const descriptor = unreadable ? undefined : catalogue[event.type];
      if (!descriptor || descriptor.internal) continue;
      for (const subject of descriptor.subjects(data)) subjects.add(subject);
    }
  }

  private tell(model: Followed): void {
    const { position, events, recordedAt } = model.shown;
    this.options.gauges.advance(model.projection.name, BigInt(position), events, recordedAt);
  }

  /** A read model is live once it has had everything that was in the log when it began; it stays so unless it fails. */
  private markLive(): void {
    const { gauges, onCaughtUp } = this.options;
    if (this.ready === undefined) return;
    for (const model of this.models) {
      const { name } = model.projection;
      if (model.shown.position < this.ready) continue;
      if (gauges.state(name) === 'live') continue;
      gauges.become(name, 'live');
      onCaughtUp(model);
    }
  }
}
