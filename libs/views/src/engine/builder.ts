import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import type { Projection } from '../projection.js';
import { batches, batchEventsMax } from './batches.js';
import { compareModels, Snapshot } from './compare.js';
import { Gauges } from './gauges.js';
import { inbox } from './inbox.js';
import type { Compared, Failure, Failures, Files, FromBuilder, Port, ToBuilder } from './messages.js';
import { Pace } from './pace.js';
import { answered, erred } from './questions.js';
import { readEvent } from './read-event.js';
import { type BatchEvent, ReadModel } from './read-model.js';

const retryMsMin = 100;
const retryMsMax = 5000;

/** Fills read models beside those that serve, as far as it is told, until `port` says stop. The reader is the caller's to close. */
export async function runBuilder(
  port: Port<ToBuilder, FromBuilder>,
  log: EventLogReader,
  projections: readonly Projection[],
  folder: string,
  catalogue: EventCatalogue,
): Promise<void> {
  const stopping = new AbortController();
  // Heard at once, also while a message before it is still worked on.
  const listener = ({ kind }: ToBuilder): void => {
    if (kind === 'stop' || kind === 'discard') stopping.abort();
  };
  port.on('message', listener);
  let building: Building | undefined;
  for await (const message of inbox(port)) {
    if (message.kind === 'stop' || message.kind === 'discard') {
      building?.end(message.kind === 'discard');
      break;
    }
    const { id } = message;
    try {
      if (message.kind === 'begin') {
        const onTrouble = (error: string): void => port.postMessage({ kind: 'trouble', error });
        building = new Building({ log, folder, catalogue, onTrouble }, message, stopping.signal);
        port.postMessage(answered(id, await building.open(projections)));
      } else if (building) port.postMessage(answered(id, await building.answer(message)));
    } catch (error) {
      port.postMessage(erred(id, error));
    }
  }
  port.off('message', listener);
  port.postMessage({ kind: 'stopped' });
}

interface Surroundings {
  readonly log: EventLogReader;
  readonly folder: string;
  readonly catalogue: EventCatalogue;
  readonly onTrouble: (error: string) => void;
}

/** The read models of one rebuild that this thread fills. */
class Building {
  private readonly models = new Map<string, ReadModel>();
  private readonly gauges: Gauges;
  private readonly pace: Pace;
  private unsettled = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly begin: Extract<ToBuilder, { kind: 'begin' }>,
    private readonly stopping: AbortSignal,
  ) {
    this.gauges = new Gauges(begin.names, begin.gauges);
    const live = new Gauges(begin.live.names, begin.live.gauges);
    const [seeingAll = ''] = begin.live.names;
    const pulse = new Int32Array(begin.pulse);
    this.pace = new Pace({ queries: () => Atomics.load(pulse, 0), events: () => Number(live.events(seeingAll)) });
  }

  async open(projections: readonly Projection[]): Promise<Files> {
    const { log, folder } = this.around;
    const { own, order, serving } = this.begin;
    const files: Record<string, string> = {};
    for (const projection of projections) {
      if (!own.includes(projection.name)) continue;
      const model = await ReadModel.openShadow(projection, folder, log, order, serving[projection.name] ?? '');
      this.models.set(projection.name, model);
      this.tell(model);
      files[projection.name] = model.file.path;
    }
    return files;
  }

  async answer(message: Extract<ToBuilder, { kind: 'fill' | 'compare' | 'hand-over' }>): Promise<unknown> {
    if (message.kind === 'fill') return await this.fill([...this.models.values()], message.to);
    if (message.kind === 'compare') return await this.compare(message.projection, message.file);
    for (const model of this.models.values()) model.close();
    this.models.clear();
    return null;
  }

  end(discards: boolean): void {
    for (const model of this.models.values())
      if (discards) model.remove();
      else model.close();
  }

  /** Up to this position and no further, again and again where the log cannot be read just now. */
  private async fill(models: readonly ReadModel[], to: bigint): Promise<Failures> {
    for (let retryMs = retryMsMin; !this.stopping.aborted; retryMs = Math.min(retryMs * 2, retryMsMax))
      try {
        if (await this.takeUpTo(models, to)) break;
        retryMs = retryMsMin;
      } catch (error) {
        this.around.onTrouble(error instanceof Error ? (error.stack ?? error.message) : String(error));
        await sleep(retryMs, undefined, { signal: this.stopping }).catch(() => undefined);
      }
    const failed = models.flatMap(({ projection, failure }): [string, Failure][] =>
      failure ? [[projection.name, failure]] : [],
    );
    return Object.fromEntries(failed);
  }

  /** False where a model has gone back to what it had settled. */
  private async takeUpTo(models: readonly ReadModel[], to: bigint): Promise<boolean> {
    const from = models.map(({ position }) => position).reduce((low, each) => (each < low ? each : low));
    if (from >= to) return true;
    let at = from;
    const isBehind = (): boolean => models.some(({ failure, position }) => !failure && position < at);
    const eventsMax = (): number => Math.min(this.pace.events, batchEventsMax);
    const reading = batches(this.around.log.readAll(from), { eventsMax, end: to });
    for (;;) {
      // A log that is silent holds back nobody who wants this to stop.
      const next = await this.unlessStopped(reading.next());
      if (!next || next.done) break;
      const batch = next.value.events.filter(({ position }) => position <= to);
      const events = batch.map((event) => readEvent(this.around.catalogue, event));
      await this.take(models, events);
      at = batch.at(-1)?.position ?? at;
      const isEnd = (next.value.events.at(-1)?.position ?? to) >= to;
      if (isEnd || this.stopping.aborted || isBehind() || models.some(({ failure }) => failure)) break;
    }
    this.settle(models);
    const left = reading.return();
    if (this.stopping.aborted) left.catch(() => undefined);
    else await left;
    return this.stopping.aborted || !isBehind();
  }

  private async take(models: readonly ReadModel[], events: readonly BatchEvent[]): Promise<void> {
    for (let from = 0; from < events.length && !this.stopping.aborted;) {
      const some = events.slice(from, from + this.pace.events);
      for (const model of models) {
        model.take(some);
        this.tell(model);
      }
      from += some.length;
      this.unsettled += some.length;
      if (this.unsettled >= this.pace.events) this.settle(models);
      await this.pace.rest(some.length);
    }
  }

  private settle(models: readonly ReadModel[]): void {
    this.unsettled = 0;
    for (const model of models) model.settle();
  }

  /** Not a race against one promise for all rounds: that would keep what every round has brought. */
  private unlessStopped<T>(coming: Promise<T>): Promise<T | undefined> {
    const { stopping } = this;
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    const stop = (): void => resolve(undefined);
    stopping.addEventListener('abort', stop, { once: true });
    coming.then(resolve, reject).finally(() => stopping.removeEventListener('abort', stop));
    return promise;
  }

  private async compare(projection: string, file: string): Promise<Compared | null> {
    const model = this.models.get(projection);
    if (!model) throw new Error(`${projection} is not being rebuilt here`);
    const serving = new Snapshot(file);
    try {
      const failure = (await this.fill([model], serving.position))[projection];
      if (failure) return { failure };
      model.save();
      const made = new Snapshot(model.file.path);
      try {
        const verdict = await compareModels(serving, made, this.stopping);
        return verdict ? { verdict } : null;
      } finally {
        made.close();
      }
    } finally {
      serving.close();
    }
  }

  private tell(model: ReadModel): void {
    const { position, events, recordedAt } = model.taken;
    this.gauges.advance(model.projection.name, BigInt(position), events, recordedAt);
  }
}
