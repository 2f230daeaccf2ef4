import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import { type EventLogReader, type Position, type RecordedEvent, upcast } from '#event-log';
import { batches } from './batches.js';
import type { Gauges } from './gauges.js';
import type { BatchEvent, ReadModel } from './read-model.js';

const batchEventsMax = 4000;
const subjectsMax = 500;
const retryMsMin = 100;
const retryMsMax = 5000;

export interface FollowerOptions {
  readonly log: EventLogReader;
  readonly catalogue: EventCatalogue;
  readonly gauges: Gauges;
  /** After a batch, with what it was about: `['estate']` where that is too much to list. */
  readonly onBatch: ((position: Position, subjects: readonly string[]) => void) | undefined;
  readonly onFailed: (model: ReadModel) => void;
  readonly onCaughtUp: (model: ReadModel) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Drives read models over one subscription to the log, parsing each event once, until it is stopped. */
export class Follower {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private ready = 0n;

  constructor(
    /** Those that have not failed: one that is retried belongs to another follower. */
    private models: readonly ReadModel[],
    private readonly options: FollowerOptions,
  ) {
    for (const model of models) this.tell(model);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
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
    const events = batch.map((event) => this.read(event));
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

  private read(event: RecordedEvent): BatchEvent {
    const position = Number(event.position);
    try {
      return { event, data: upcast(this.options.catalogue, event), position };
    } catch (error) {
      return { event, data: event.data, position, unreadable: error as Error };
    }
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

  private tell(model: ReadModel): void {
    this.options.gauges.advance(model.projection.name, model.position, model.events, model.recordedAt);
  }

  /** A read model is live once it has had everything that was in the log when it began; it stays so unless it fails. */
  private markLive(): void {
    const { gauges, onCaughtUp } = this.options;
    const now = Date.now();
    for (const model of this.models) {
      const { name } = model.projection;
      if (model.position < this.ready) continue;
      gauges.caughtUp(name, now);
      if (gauges.state(name) === 'live') continue;
      gauges.become(name, 'live');
      onCaughtUp(model);
    }
  }
}
