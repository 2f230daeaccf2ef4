import { setTimeout as sleep } from 'node:timers/promises';

/** So many queries and events a second are worth stepping back for. */
const busyPerSecond = 20;
/** What is worked off in one go, in events: many make the best of a commit, few let others in between. */
const eventsMax = 4000;
const eventsMin = 16;
/** In one go while others work, in ms of the processor: who wakes up waits no longer than this. */
const workMsMax = 1;
/** After each while others work. */
const restMsPerMs = 8;

/**
 * Keeps a rebuild out of the way of commands and reads, and lets it run where there are none. Whoever starts the thread gives it a low
 * priority besides, where threads have one.
 */
export class Pace {
  /** What to work off next. */
  events = eventsMax;
  private seen: number;
  private lookedAt = performance.now();
  private begun = process.threadCpuUsage();

  constructor(
    /** Counts up with every query and every event. */
    private readonly activity: () => number,
  ) {
    this.seen = activity();
  }

  /** After so many events. */
  async rest(events: number): Promise<void> {
    const { user, system } = process.threadCpuUsage(this.begun);
    const workedMs = (user + system) / 1000;
    if (this.isBusy()) {
      this.events = Math.min(eventsMax, Math.max(eventsMin, Math.floor((events / workedMs) * workMsMax)));
      await sleep(Math.ceil(workedMs * restMsPerMs));
    } else this.events = eventsMax;
    this.begun = process.threadCpuUsage();
  }

  private isBusy(): boolean {
    const now = performance.now();
    const seconds = Math.max(now - this.lookedAt, 1) / 1000;
    const seen = this.activity();
    const perSecond = (seen - this.seen) / seconds;
    // Too short a while tells nothing: what it was stays.
    if (seconds < 0.05) return this.events < eventsMax;
    this.seen = seen;
    this.lookedAt = now;
    return perSecond > busyPerSecond;
  }
}
