import { NotReached, ViewNotMade } from '../errors.js';
import type { Gauges } from './gauges.js';
import { eventsUpTo } from './rate.js';

const waitMsMax = 2000;

/** Waits until projections are where a query needs them, two seconds at most. */
export class Arrivals {
  /** Those that have not caught up since the start. Until then their views do not answer: it would be from before the start. */
  private readonly unmade: Set<string>;

  constructor(
    private readonly gauges: Gauges,
    private readonly head: () => Promise<bigint>,
  ) {
    this.unmade = new Set(gauges.names);
  }

  /** The last position that all of them have. */
  lowest(projections: readonly string[]): number {
    return Math.min(...projections.map((name) => Number(this.gauges.position(name))));
  }

  /** @throws {NotReached} */
  async reach(projections: readonly string[], position: bigint): Promise<void> {
    // The empty world's position: everybody has it.
    if (position <= 0n) return;
    const deadline = Date.now() + waitMsMax;
    for (const name of projections)
      if (!(await this.gauges.reach(name, position, deadline))) throw new NotReached(name, position);
  }

  /** Until they have caught up since the start; a failed one answers for where it stopped. @throws {ViewNotMade} */
  async made(projections: readonly string[]): Promise<void> {
    if (this.unmade.size === 0) return;
    const deadline = Date.now() + waitMsMax;
    for (const name of projections) {
      if (!this.unmade.has(name)) continue;
      if (!(await this.gauges.settled(name, deadline))) {
        const done = Number(this.gauges.events(name));
        throw new ViewNotMade(name, done, eventsUpTo(await this.head(), this.gauges.position(name), done));
      }
      this.unmade.delete(name);
    }
  }
}
