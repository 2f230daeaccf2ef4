import { BadCursor, type ListAnswer } from './view.js';

/** `next` for a page that ends with this key. It belongs to the view named by `tag`. */
export function cursorAfter(tag: string, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([tag, ...key])).toString('base64url');
}

/** The key of the last item of the page before; undefined on the first page. */
export function keyOf(tag: string, cursor: string | undefined, length = 1): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const wrong = new BadCursor('is not one that this list has given; leave it out for the first page');
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw wrong;
  }
  if (!Array.isArray(key) || key.length !== length + 1 || key[0] !== tag) throw wrong;
  if (!key.every((part) => typeof part === 'string')) throw wrong;
  return key.slice(1);
}

/** The same where the key is a number. */
export function numberOf(tag: string, cursor: string | undefined): number | undefined {
  const [key] = keyOf(tag, cursor) ?? [];
  if (key === undefined) return undefined;
  if (!/^\d{1,15}$/.test(key))
    throw new BadCursor('is not one that this list has given; leave it out for the first page');
  return Number(key);
}

/** A page of a list that is short enough to be at hand, in ascending order of `key`. */
export function pageOf<T>(
  all: readonly T[],
  tag: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  key: (item: T) => string,
  show: (item: T) => object,
): ListAnswer {
  const after = keyOf(tag, cursor)?.[0];
  const begin = after === undefined ? 0 : all.findIndex((item) => inOrder(after, key(item)));
  const items = begin < 0 ? [] : all.slice(begin, begin + limit);
  const last = items.at(-1);
  const more = begin >= 0 && begin + limit < all.length && last !== undefined;
  return { items: items.map(show), next: more ? cursorAfter(tag, [key(last)]) : null, total: all.length };
}

/** Whether `a` comes before `b` in SQLite's order of texts, that of their UTF-8 bytes. */
function inOrder(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
