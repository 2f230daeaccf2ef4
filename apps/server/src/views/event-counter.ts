import type { EventLogReader } from '#event-log';
import type { EventCount } from '#views';

/** What was counted is remembered in such steps, in events. */
const stepEvents = 10_000;
const rememberedMax = 10_000;

/**
 * How many events stand up to a position: exact, and from the log where no read model knows it yet. No part of the log is counted twice but
 * for the last few events.
 */
export class EventCounter {
  /** In order. */
  private readonly remembered: EventCount[] = [];
  /** Up to here every position has an event: there are as many of the one as of the other. */
  private dense: EventCount = { position: 0, events: 0 };
  private counting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly log: Pick<EventLogReader, 'readAll'>,
    /** The nearest count at a position or before it that a read model knows. */
    private readonly tallied: (position: number) => Promise<EventCount>,
  ) {}

  async countAt(position: number): Promise<EventCount> {
    if (position <= this.dense.position) return { position, events: position };
    // One after another, so that the next one finds what this one has counted.
    const counted = this.counting.then(() => this.countFrom(position));
    this.counting = counted.catch(() => undefined);
    return await counted;
  }

  private async countFrom(position: number): Promise<EventCount> {
    const tallied = await this.tallied(position);
    const own = this.remembered.findLast((each) => each.position <= position) ?? this.dense;
    const known = own.position > tallied.position ? own : tallied;
    this.note(known);
    let { events } = known;
    for await (const page of this.log.readAll(BigInt(known.position)))
      for (const event of page) {
        if (event.position > BigInt(position)) return this.note({ position, events });
        events += 1;
        if (events % stepEvents === 0) this.note({ position: Number(event.position), events });
      }
    return this.note({ position, events });
  }

  private note(count: EventCount): EventCount {
    const last = this.remembered.at(-1) ?? this.dense;
    if (count.events === count.position && count.position > this.dense.position) this.dense = count;
    else if (count.events - last.events >= stepEvents && this.remembered.length < rememberedMax)
      this.remembered.push(count);
    return count;
  }
}
