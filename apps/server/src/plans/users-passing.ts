import type { FieldError } from '#kernel';
import type { UserFilter, UsersPassing } from '#plans';
import type { Views, ViewParameter } from '#views';
import { unknownParameter } from '../http/query.js';
import { storedViews } from '../views/all-views.js';
import { everyPage } from '../views/every-item.js';

const path = '/api/users';
/** Larger than what a client may ask for: nothing of it goes over the wire. */
const pageUsers = 2000;

/** Who passes the filters of the view of users. */
export function usersPassing(views: Views): UsersPassing {
  return async function* passing(filter, position) {
    const { input, errors } = readFilter(filter);
    if (errors.length > 0) throw new Error(`a filter that was taken is malformed: ${JSON.stringify(errors)}`);
    // Waits until the view has come so far, then asks for that moment however long it takes.
    const asked = { input, after: position, asOf: { position: position < 0n ? 0n : position } };
    for await (const page of everyPage<{ readonly user: string }>(views, path, asked, pageUsers))
      yield page.map(({ user }) => user);
  };
}

/** The filter as the view takes it; errors name its members. */
export function readFilter(filter: UserFilter): {
  readonly input: Readonly<Record<string, unknown>>;
  readonly errors: readonly FieldError[];
} {
  const known = userFilters();
  const input: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [name, text] of Object.entries(filter)) {
    const parsed = Object.hasOwn(known, name) ? known[name]?.parse(text) : undefined;
    if (!parsed) errors.push(unknownParameter(name, Object.keys(known)));
    else if (parsed.problem === undefined) input[name] = parsed.value;
    else errors.push({ field: name, message: parsed.problem });
  }
  return { input, errors };
}

/** The parameters of the view. */
export function userFilters(): Readonly<Record<string, ViewParameter>> {
  const view = storedViews.find((each) => each.path === path);
  if (!view) throw new Error(`there is no view ${path}`);
  return view.parameters;
}
