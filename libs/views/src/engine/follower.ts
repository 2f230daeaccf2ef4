import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import type { EventLogReader, Position, RecordedEvent } from '#event-log';
import type { Projection } from '../projection.js';
import { batches } from './batches.js';
import type { Gauges } from './gauges.js';
import type { Failure } from './messages.js';
import { readEvent } from './read-event.js';
import type { BatchEvent } from './read-model.js';

/** More of them outlive the young generation: 4,000 took 25 MiB more at the peak of an import and saved no time. */
const batchEventsMax = 500;
const subjectsMax = 500;
const retryMsMin = 100;
const retryMsMax = 5000;

/** What is driven along the log. */
export interface Followed {
  readonly projection: Projection;
  readonly position: bigint;
  readonly events: number;
  readonly recordedAt: number;
  readonly failure: Failure | undefined;
  take(batch: readonly BatchEvent[]): void;
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
    for (let retryMs = retryMsMin; !signal.aborted; retryMs = Math.min(retryMs * 2, retryMsMax)) {
      try {
        const { log } = this.options;
        this.ready = await log.head();
        this.markLive();
        for await (const batch of batches(log.subscribe(this.lowest(), signal), batchEventsMax)) {
          this.take(batch);
          retryMs = retryMsMin;
          if (signal.aborted || this.models.length === 0) return;
        }
      } catch (error) {
        if (signal.aborted) return;
        // A log that cannot be read now is asked again, later and later; the positions tell how far the views are.
        this.options.onTrouble(error);
      }
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private lowest(): Position {
    const positions = this.models.map(({ position }) => position);
    return positions.reduce((low, position) => (position < low ? position : low));
  }

  private take(batch: readonly RecordedEvent[]): void {
    const events = batch.map((event) => readEvent(this.options.catalogue, event));
    for (const model of this.models) {
      model.take(events);
      this.tell(model);
      if (!model.failure) continue;
      this.models = this.models.filter((each) => each !== model);
      this.options.gauges.become(model.projection.name, 'failed');
      this.options.onFailed(model);
    }
    this.markLive();
    const last = batch.at(-1);
    if (last) this.options.onBatch?.(last.position, this.subjects(events));
  }

  private subjects(events: readonly BatchEvent[]): readonly string[] {
    const subjects = new Set<string>();
    const { catalogue } = this.options;
    for (const { event, data, unreadable } of events) {
      const descriptor = unreadable ? undefined : catalogue[event.type];
      if (!descriptor || descriptor.internal) continue;
      for (const subject of descriptor.subjects(data)) subjects.add(subject);
      if (subjects.size > subjectsMax) return ['estate'];
    }
    return [...subjects];
  }

  private tell(model: Followed): void {
    this.options.gauges.advance(model.projection.name, model.position, model.events, model.recordedAt);
  }

  /** A read model is live once it has had everything that was in the log when it began; it stays so unless it fails. */
  private markLive(): void {
    const { gauges, onCaughtUp } = this.options;
    if (this.ready === undefined) return;
    for (const model of this.models) {
      const { name } = model.projection;
      if (model.position < this.ready) continue;
      if (gauges.state(name) === 'live') continue;
      gauges.become(name, 'live');
      onCaughtUp(model);
    }
  }
}
