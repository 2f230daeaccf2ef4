/** So many items make a block: one bit each. */
export const itemsMax = 32;

/** Which of a block's items have a token: bit n is the n-th of them. */
export type Bits = number;

/** The bits of so many items. */
export function allOf(items: number): Bits {
  return items >= itemsMax ? -1 : (1 << items) - 1;
}

export function countOf(bits: Bits): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** One line per token, with a line's end before the first and after the last; no token has a space or a line's end in it. */
export function writePostings(bitsByToken: ReadonlyMap<string, Bits>): string {
  let text = '\n';
  for (const [token, bits] of bitsByToken) text += `${token} ${(bits >>> 0).toString(36)}\n`;
  return text;
}

/** The items that have this token. */
export function bitsOf(postings: string, token: string): Bits {
  const found = postings.indexOf(`\n${token} `);
  return found < 0 ? 0 : bitsAt(postings, found + 1);
}

/** The items that have a token which begins with this. */
export function bitsOfPrefix(postings: string, prefix: string): Bits {
  const start = `\n${prefix}`;
  let bits = 0;
  for (let found = postings.indexOf(start); found >= 0; found = postings.indexOf(start, found + start.length))
    bits |= bitsAt(postings, found + 1);
  return bits;
}

function bitsAt(postings: string, line: number): Bits {
  const space = postings.indexOf(' ', line);
  return Number.parseInt(postings.slice(space + 1, postings.indexOf('\n', space)), 36) | 0;
}
