import type { ListAnswer, ViewRequest, Views } from '#views';

const pageItems = 500;
const pagesMax = 10_000;

/** All items of a list, page by page. They are one answer where the request names a moment. */
export async function* everyPage<Item>(
  views: Views,
  path: string,
  request: Omit<ViewRequest, 'limit' | 'cursor'>,
  limit = pageItems,
): AsyncGenerator<readonly Item[], void, undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { body } = await views.query(path, { ...request, limit, cursor });
    const { items, next } = body as ListAnswer;
    if (items.length > 0) yield items as readonly Item[];
    if (next === null) return;
    cursor = next;
  }
  throw new Error(`${path} has more than ${pagesMax * limit} items`);
}
