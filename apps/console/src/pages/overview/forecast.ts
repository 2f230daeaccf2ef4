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

/** Why there is none. */
export type NoForecast = 'empty' | 'finished' | 'tooShort' | 'nobodyMoved' | 'movedBack' | 'tooFar';

const dayMs = 86_400_000;
/** Fewer moments say nothing of a pace. */
const momentsMin = 4;
/** From where on the estate counts as whole: that its people were brought in is no move. */
const wholeShare = 0.9;
const horizonMs = 3650 * dayMs;

/** The end of the move as a range: from the pace of the whole time shown since the estate was whole, of its last half and of its last quarter. */
export function forecast(samples: readonly Sample[]): Forecast | NoForecast {
  const last = samples.at(-1);
  if (!last || everybody(last) === 0) return 'empty';
  if (last.remaining === 0) return 'finished';
  const whole = samples.slice(samples.findIndex((each) => everybody(each) >= wholeShare * everybody(last)));
  const first = whole[0];
  if (!first || whole.length < momentsMin) return 'tooShort';
  const paces = [0, 1 / 2, 3 / 4].flatMap((part) => {
    const from = whole[Math.floor((whole.length - 1) * part)] ?? first;
    const perMs = (last.moved - from.moved) / (last.ms - from.ms);
    return perMs > 0 && Number.isFinite(perMs) ? [perMs] : [];
  });
  if (paces.length === 0) return last.moved < first.moved ? 'movedBack' : 'nobodyMoved';
  const slow = Math.min(...paces);
  const fast = Math.max(...paces);
  if (last.remaining / fast > horizonMs) return 'tooFar';
  return {
    earliestMs: last.ms + last.remaining / fast,
    latestMs: last.ms + Math.min(last.remaining / slow, horizonMs),
    perDay: [slow * dayMs, fast * dayMs],
  };
}

function everybody({ moved, remaining }: Sample): number {
  return moved + remaining;
}

/** That many moments, evenly from the first to the last. */
export function moments(fromMs: number, toMs: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => Math.round(fromMs + ((toMs - fromMs) * index) / (count - 1)));
}
