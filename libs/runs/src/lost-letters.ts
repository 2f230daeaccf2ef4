/** What would be right where a name has lost its letters: Windows PowerShell exports as ASCII unless it is told otherwise, with ? for the rest. */
export const lettersWanted =
  'must be the name itself: it came as ? for each letter, so export it again with Export-Csv -Encoding UTF8';

/** Nothing of a name is left but ? and what stood between its letters. */
export function hasLostLetters(name: string): boolean {
  return name.includes('?') && !/[\p{L}\p{N}]/u.test(name);
}
