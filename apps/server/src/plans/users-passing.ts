import type { FieldError } from '#kernel';
import type { UserFilter, UsersPassing } from '#plans';
import { sipAddresses, type SipAddresses, type Views, type ViewParameter } from '#views';
import { unknownParameter } from '../http/query.js';

/** Larger than what a client may ask for: nothing of it goes over the wire. */
const pageUsers = 2000;

/** Who passes the filters of the view of users. */
export function usersPassing(views: Views): UsersPassing {
  return async function* passing(filter, position) {
    const { input, errors } = readFilter(filter);
    if (errors.length > 0) throw new Error(`a filter that was taken is malformed: ${JSON.stringify(errors)}`);
    // Waits until the view has come so far, then asks for that moment however long it takes.
    const asked = { input, after: position, asOf: { position: position < 0n ? 0n : position } };
    const pageAfter = async (cursor: string | undefined): Promise<SipAddresses> =>
      (await views.query(sipAddresses.path, { ...asked, limit: pageUsers, cursor })).body as SipAddresses;
    for (let page: SipAddresses | null = await pageAfter(undefined); page;) {
      // Is found while this one is worked on.
      const following: Promise<SipAddresses> | null = page.next === null ? null : pageAfter(page.next);
      following?.catch(() => undefined);
      yield page.users;
      page = await following;
    }
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
  return sipAddresses.parameters;
}
