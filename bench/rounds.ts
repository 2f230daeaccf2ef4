import type { Figure } from './bench.js';

type Measure = () => Promise<number>;

/** Measures both in turn, so that what else the machine does falls on both, and takes medians. The first round warms up and is left out. */
export async function inTurn(
  rounds: number,
  figure: Measure,
  limit: Measure,
): Promise<Pick<Figure, 'figure' | 'limit' | 'ratio' | 'rounds'>> {
  const pairs: [figure: number, limit: number][] = [];
  for (let round = 0; round <= rounds; round++) {
    const limitFirst = round % 2 === 1;
    const before = limitFirst ? await limit() : undefined;
    const own = await figure();
    if (round > 0) pairs.push([own, before ?? (await limit())]);
  }
  return {
    figure: median(pairs.map(([own]) => own)),
    limit: median(pairs.map(([, other]) => other)),
    ratio: median(pairs.map(([own, other]) => own / other)),
    rounds: pairs,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
