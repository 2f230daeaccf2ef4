import type { Term } from './qualifiers.js';

/** Whether a row has what all terms say: qualifiers name its whole value, words a part of any value. */
export function matches(values: Readonly<Record<string, string | null>>, terms: readonly Term[]): boolean {
  return terms.every(({ name, value, exclude }) => {
    const wanted = value.toLowerCase();
    const has =
      name === ''
        ? Object.values(values).some((each) => each?.toLowerCase().includes(wanted))
        : values[name]?.toLowerCase() === wanted;
    return has !== exclude;
  });
}
