import { estateViews, type ListAnswer, type Moment, type ViewAnswer, type Views } from '#views';
import { keyOf } from './model/views.js';

type Item = Readonly<Record<string, unknown>>;

const pagesMax = 200;

/** Asks a view as the rim does: parameters as texts, parsed by the view's own definition. */
export async function ask(
  views: Views,
  path: string,
  query: Readonly<Record<string, string>>,
  asOf: Moment | undefined,
  paging: { readonly limit?: number; readonly cursor?: string | undefined } = {},
): Promise<ViewAnswer> {
  const definition = estateViews.find((each) => each.path === path);
  if (!definition) throw new Error(`there is no view ${path}`);
  const input = Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const parsed = definition.parameters[name]?.parse(text);
      if (parsed?.problem !== undefined || !parsed) throw new Error(`${path} ${name}=${text}: ${parsed?.problem}`);
      return [name, parsed.value];
    }),
  );
  return await views.query(path, { input, asOf, ...paging });
}

/** Every page of a list, each checked: full pages, one total, nothing twice. */
export async function everyPage(
  views: Views,
  path: string,
  query: Readonly<Record<string, string>>,
  asOf: Moment | undefined,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { body } = await ask(views, path, query, asOf, { limit, cursor });
    const { items: more, next, total } = body as ListAnswer;
    items.push(...(more as readonly Item[]));
    expect(more.length).toBeLessThanOrEqual(limit);
    if (next === null) {
      expect(items).toHaveLength(total);
      const keys = items.map((item) => String(item[keyOf[path]!]));
      expect(new Set(keys).size).toBe(keys.length);
      return items.toSorted((a, b) => compare(a[keyOf[path]!], b[keyOf[path]!]));
    }
    expect(more).toHaveLength(limit);
    cursor = next;
  }
  throw new Error(`${path} goes on after ${pagesMax} pages`);
}

export const compare = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);

const inAnyOrder = ['openGates', 'legacyEndpoints', 'deployments', 'pools', 'notReady'];

/** An item with what has no order in order. */
export function unordered(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => {
      if (inAnyOrder.includes(key)) return [key, (value as readonly string[]).toSorted(compare)];
      if (key === 'clients' && Array.isArray(value))
        return [key, (value as readonly Item[]).toSorted((a, b) => compare(a['client'], b['client']))];
      return [key, value];
    }),
  );
}

/** `/api/users/:user/access` with rules in place of sentences. */
export function accessRules(body: object | undefined): object | undefined {
  const { user, access } = (body ?? {}) as {
    user: string;
    access: { client: string; deployment: string; reachable: boolean; refusals: { rule: string; detail: string }[] }[];
  };
  return (
    body && {
      user,
      access: access
        .map(({ refusals, ...rest }) => ({ ...rest, refusals: refusals.map(({ rule }) => rule).toSorted(compare) }))
        .toSorted((a, b) => compare(`${a.client} ${a.deployment}`, `${b.client} ${b.deployment}`)),
    }
  );
}

/** Who stands in the way of these is the subject itself, or nobody. */
const withoutOffenders = ['sealed', 'migrated'];

/** `/api/gates/:subject` without names of people; counts are checked against the offenders. */
export function gatesCompared(body: object | undefined): object | undefined {
  const { subject, gates } = (body ?? {}) as {
    subject: string;
    gates: (Item & { count: number; offenders: string[] })[];
  };
  return (
    body && {
      subject,
      gates: gates
        .map(({ count, by: _by, offenders, ...rest }) => {
          if (count !== undefined) expect(count).toBe(offenders.length);
          const named = withoutOffenders.includes(String(rest['gate'])) ? [] : offenders.toSorted(compare);
          return { ...rest, offenders: named };
        })
        .toSorted((a, b) => compare(a['gate' as keyof typeof a], b['gate' as keyof typeof b])),
    }
  );
}
