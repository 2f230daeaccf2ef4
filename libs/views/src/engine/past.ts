import { FutureMoment } from '../errors.js';
import { moments } from '../moments.js';
import type { Moment } from '../view.js';
import type { Arrivals } from './arrivals.js';
import type { Gauges } from './gauges.js';

interface Surroundings {
  readonly gauges: Gauges;
  readonly arrivals: Arrivals;
  /** The log's last position. */
  readonly head: () => Promise<bigint>;
  /** ms since 1970 */
  readonly now: () => number;
  /** The last position recorded at an instant or before, as far as the projection of moments has come. */
  readonly positionAt: (instant: string) => Promise<number>;
}

/** Moments that have been, and which position each stands for. */
export class Past {
  constructor(private readonly around: Surroundings) {}

  /** @throws {FutureMoment} */
  async check(moment: Moment, field: string): Promise<void> {
    const { head, now } = this.around;
    if ('instant' in moment) {
      if (Date.parse(moment.instant) > now()) throw new FutureMoment(`${moment.instant} is in the future`, field);
      return;
    }
    const end = await head();
    const last = end < 0n ? 0n : end;
    if (moment.position > last)
      throw new FutureMoment(`position ${moment.position} is not in the log yet; its last one is ${last}`, field);
  }

  /** Waits until nothing before that moment can be missing any more. @throws {NotReached} */
  async positionOf(moment: Moment, projections: readonly string[]): Promise<bigint> {
    const { arrivals, gauges, head, positionAt } = this.around;
    if ('position' in moment) {
      await arrivals.reach([moments.name, ...projections], moment.position);
      return moment.position;
    }
    // Once something later is there, no more can come for this instant: the log's times never go backwards.
    if (gauges.recordedAt(moments.name) <= BigInt(Date.parse(moment.instant)))
      await arrivals.reach([moments.name], await head());
    const position = BigInt(await positionAt(moment.instant));
    await arrivals.reach(projections, position);
    return position;
  }
}
