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
/** It gets through so many times what is written meanwhile, or would never be done. */
const timesGrowthMin = 2;
/** A shorter while tells nothing about how busy it is. */
const lookMsMin = 50;

/** What else goes on; both only count up. */
export interface Activity {
  readonly queries: () => number;
  readonly events: () => number;
}

/**
 * Keeps a rebuild out of the way of commands and reads, and lets it run where there are none. Whoever starts the thread gives it a low
 * priority besides, where threads have one.
 */
export class Pace {
  /** What to work off next. */
  events = eventsMax;
  private queriesPerSecond = 0;
  private eventsPerSecond = 0;
  private looked: { readonly atMs: number; readonly queries: number; readonly events: number };
  private begun = { cpu: process.threadCpuUsage(), atMs: performance.now() };

  constructor(private readonly activity: Activity) {
    this.looked = { atMs: performance.now(), queries: activity.queries(), events: activity.events() };
  }

  /** After so many events. */
  async rest(events: number): Promise<void> {
    const { user, system } = process.threadCpuUsage(this.begun.cpu);
    const workedMs = (user + system) / 1000;
    this.look();
    if (this.queriesPerSecond + this.eventsPerSecond > busyPerSecond) {
      this.events = Math.min(eventsMax, Math.max(eventsMin, Math.floor((events / workedMs) * workMsMax)));
      const tookMs = performance.now() - this.begun.atMs;
      const mayTakeMs = (events * 1000) / (this.eventsPerSecond * timesGrowthMin);
      const restMs = Math.min(workedMs * restMsPerMs, mayTakeMs - tookMs);
      if (restMs > 0) await sleep(restMs);
    } else this.events = eventsMax;
    this.begun = { cpu: process.threadCpuUsage(), atMs: performance.now() };
  }

  private look(): void {
    const { atMs, queries, events } = this.looked;
    const now = performance.now();
    if (now - atMs < lookMsMin) return;
    this.looked = { atMs: now, queries: this.activity.queries(), events: this.activity.events() };
    const seconds = (now - atMs) / 1000;
    this.queriesPerSecond = (this.looked.queries - queries) / seconds;
    this.eventsPerSecond = (this.looked.events - events) / seconds;
  }
}
