/** How well a text answers to what was typed: all words must be in it; an early one counts more. Undefined: not at all. */
export function fit(typed: string, text: string): number | undefined {
  const folded = text.toLowerCase();
  let score = 0;
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = folded.indexOf(word);
    if (at === -1) return undefined;
    score += at === 0 || /[\s.:@-]/.test(folded[at - 1] ?? '') ? at : at + 100;
  }
  return score + folded.length / 1000;
}

/** The best of them, the best first. */
export function best<T>(typed: string, things: readonly T[], textOf: (thing: T) => string, max: number): readonly T[] {
  return things
    .flatMap((thing) => {
      const score = fit(typed, textOf(thing));
      return score === undefined ? [] : [{ thing, score }];
    })
    .toSorted((a, b) => a.score - b.score)
    .slice(0, max)
    .map(({ thing }) => thing);
}
