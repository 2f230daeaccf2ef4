/** How many had moved at a moment, of how many. */
export interface Sample {
  readonly ms: number;
  readonly moved: number;
  readonly remaining: number;
}

export interface Forecast {
  /** When the last ones move, at the best and at the worst of the paces seen lately. */
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly perDay: readonly [slow: number, fast: number];
}

const dayMs = 86_400_000;

/**
 * The end of the move as a range: from the pace of the whole time shown, of its last half and of its last quarter. Undefined where nobody is
 * left, where nobody moves, or where what is shown is too short to tell a pace.
 */
export function forecast(samples: readonly Sample[]): Forecast | undefined {
  const last = samples.at(-1);
  const first = samples[0];
  if (!first || !last || last.remaining === 0 || samples.length < 4) return undefined;
  const paces = [0, 1 / 2, 3 / 4].flatMap((part) => {
    const from = samples[Math.floor((samples.length - 1) * part)] ?? first;
    const perMs = (last.moved - from.moved) / (last.ms - from.ms);
    return perMs > 0 && Number.isFinite(perMs) ? [perMs] : [];
  });
  if (paces.length === 0) return undefined;
  const slow = Math.min(...paces);
  const fast = Math.max(...paces);
  return {
    earliestMs: last.ms + last.remaining / fast,
    latestMs: last.ms + last.remaining / slow,
    perDay: [slow * dayMs, fast * dayMs],
  };
}

/** That many moments, evenly from the first to the last. */
export function moments(fromMs: number, toMs: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => Math.round(fromMs + ((toMs - fromMs) * index) / (count - 1)));
}
