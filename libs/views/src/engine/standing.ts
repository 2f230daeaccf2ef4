import type { EventLogReader } from '#event-log';
import type { Gauges, ProjectionState } from './gauges.js';
import type { Failure, RebuildOrder } from './messages.js';
import { eventsUpTo, type Progress, progressOf, Rate } from './rate.js';
import type { Rebuilds } from './rebuilds.js';
import { Unseen } from './unseen.js';

const tickMs = 500;

export interface ProjectionStatus {
  readonly projection: string;
  /** Of the file that serves. */
  readonly version: number;
  readonly position: bigint;
  readonly lagEvents: number;
  /** How old the first event is that it has not seen; 0 where it has seen all. */
  readonly lagSeconds: number;
  /** `rebuilding`: made for the first time or catching up after a start, or a new one is filled beside the one that serves (`isServing`). */
  readonly state: ProjectionState;
  /** It has caught up with the log since the start, or stopped: its views answer. */
  readonly isServing: boolean;
  /** Of what is being made; null where nothing is. */
  readonly progress: (Progress & { readonly purpose: 'catch-up' | RebuildOrder['purpose'] }) | null;
  readonly failure?: Failure | undefined;
}

/** How each projection stands, for whoever asks and whoever listens. */
export class Standing {
  readonly failures = new Map<string, Failure>();
  /** Of the files that serve. */
  readonly versions = new Map<string, number>();
  /** Of those that are catching up. */
  private readonly rates = new Map<string, Rate>();
  private readonly moving = new Set<string>();
  private readonly toldStates = new Map<string, ProjectionState>();
  private readonly listeners = new Set<(status: ProjectionStatus) => void>();
  private readonly unseen: Unseen;
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly gauges: Gauges,
    private readonly rebuilds: Rebuilds,
    private readonly log: Pick<EventLogReader, 'head' | 'readAll'>,
    private readonly now: () => number,
  ) {
    this.unseen = new Unseen(log);
  }

  begin(): void {
    this.ticking = setInterval(() => void this.tick(), tickMs).unref();
  }

  end(): void {
    clearInterval(this.ticking);
  }

  on(listener: (status: ProjectionStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async statuses(): Promise<readonly ProjectionStatus[]> {
    const head = await this.log.head();
    const statuses: ProjectionStatus[] = [];
    // One after another: those that stand at the same position ask the log once.
    for (const name of this.gauges.names) statuses.push(await this.status(name, head));
    return statuses;
  }

  /** Tells of what is being made, and once more when that has ended. */
  private async tick(): Promise<void> {
    this.rebuilds.note();
    const { names: rebuilt } = this.rebuilds;
    const told = new Set(this.moving);
    this.moving.clear();
    for (const name of this.gauges.names) {
      const state = this.gauges.state(name);
      if (state !== this.toldStates.get(name)) told.add(name);
      this.toldStates.set(name, state);
      this.noteRate(name, state);
      if (state !== 'rebuilding' && !rebuilt.includes(name)) continue;
      told.add(name);
      this.moving.add(name);
    }
    if (told.size === 0 || this.listeners.size === 0) return;
    // A log that cannot be read is told of where it is followed; the next tick asks again.
    const statuses = await this.statuses().catch(() => []);
    for (const status of statuses)
      if (told.has(status.projection)) for (const listener of this.listeners) listener(status);
  }

  /** The rate of a projection that catches up is of this time that it does, and not of one before. */
  private noteRate(name: string, state: ProjectionState): void {
    if (state !== 'rebuilding') {
      this.rates.delete(name);
      return;
    }
    const rate = this.rates.get(name) ?? new Rate();
    this.rates.set(name, rate);
    rate.note(Number(this.gauges.events(name)));
  }

  private async status(projection: string, head: bigint): Promise<ProjectionStatus> {
    const { gauges } = this;
    const position = gauges.position(projection);
    const events = Number(gauges.events(projection));
    const total = eventsUpTo(head, position, events);
    const lagSeconds =
      head > position
        ? await this.unseen.ageSeconds(projection, position, Number(gauges.recordedAt(projection)), this.now())
        : 0;
    const failure = this.failures.get(projection);
    // The gauge may know of a failure before its message is here.
    const own = failure ? 'failed' : gauges.state(projection) === 'live' ? 'live' : 'rebuilding';
    const rebuild = this.rebuilds.names.includes(projection) ? this.rebuilds.status(projection) : undefined;
    const catchUp = (): ProjectionStatus['progress'] => ({
      ...progressOf(events, total, this.rates.get(projection) ?? new Rate()),
      purpose: 'catch-up',
    });
    return {
      projection,
      version: this.versions.get(projection) ?? 0,
      position: position < 0n ? 0n : position,
      lagEvents: total - events,
      lagSeconds,
      state: own === 'live' && rebuild?.purpose === 'swap' ? 'rebuilding' : own,
      isServing: gauges.state(projection) !== 'rebuilding',
      progress: rebuild ? { ...rebuild.progress, purpose: rebuild.purpose } : own === 'rebuilding' ? catchUp() : null,
      failure,
    };
  }
}
