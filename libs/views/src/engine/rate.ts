const samplesMax = 10;

/** How fast something goes, over the last few looks at it. */
export class Rate {
  private readonly samples: { readonly atMs: number; readonly done: number }[] = [];

  note(done: number, atMs = performance.now()): void {
    this.samples.push({ atMs, done });
    if (this.samples.length > samplesMax) this.samples.shift();
  }

  perSecond(done: number, atMs = performance.now()): number {
    const [first] = this.samples;
    if (!first || atMs <= first.atMs) return 0;
    return Math.max(0, (done - first.done) / ((atMs - first.atMs) / 1000));
  }
}

/** How far something is that has an end. */
export interface Progress {
  /** Events. */
  readonly done: number;
  readonly total: number;
  readonly ratePerSecond: number;
  /** Null: nothing moved lately, or rows are being compared. */
  readonly etaSeconds: number | null;
}

export function progressOf(done: number, total: number, rate: Rate): Progress {
  const left = Math.max(0, total - done);
  const ratePerSecond = Math.round(rate.perSecond(done));
  const etaSeconds = left === 0 ? 0 : ratePerSecond > 0 ? Math.round((left / ratePerSecond) * 10) / 10 : null;
  return { done, total: done + left, ratePerSecond, etaSeconds };
}

/** Events up to the log's end. Positions need not be dense: what is left is reckoned from what the seen events took. */
export function eventsUpTo(head: bigint, position: bigint, events: number): number {
  if (head <= position) return events;
  const perPosition = position > 0n ? events / Number(position) : 1;
  return events + Math.max(1, Math.round(Number(head - (position < 0n ? 0n : position)) * perPosition));
}
