declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** FQDN of a registrar pool, lower-case. */
export type PoolId = Brand<string, 'pool'>;
/** FQDN of a chat pool, lower-case. */
export type DeploymentId = Brand<string, 'deployment'>;
/** `sip:alice@contoso.com`, lower-case. */
export type SipUri = Brand<string, 'sip'>;
/** `global`, `site:<site>` or `tag:<name>`. */
export type PolicyId = Brand<string, 'policy'>;
/** A topology site's name, as first written. */
export type SiteName = Brand<string, 'site'>;
/** Name of a category, room or add-in, as first written. */
export type ContentName = Brand<string, 'content'>;

/** What a parser answers: the normalised value, or what would be right. */
export type Parsed<T> = { readonly value: T; readonly problem?: undefined } | { readonly problem: string };

const hostLabel = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const fqdnPattern = new RegExp(`^${hostLabel}(?:\\.${hostLabel})+$`);
const sipPattern = new RegExp(`^sip:[a-z0-9_.!~*'()&=+$,;?/%#^{}|\`-]{1,128}@${hostLabel}(?:\\.${hostLabel})*$`);
// C0 and C1 controls, and the line and paragraph separators that break a log line or a CSV row in some readers.
const controls = /[\p{Cc}\u2028\u2029]/u;
// The same without tab, line feed and carriage return: prose may have lines.
const proseControls = /[^\P{Cc}\t\n\r]/u;

/** The longest text where the contract names no other limit, in characters. */
export const textMax = 4000;

export function parseFqdn(input: unknown): Parsed<string> {
  if (typeof input !== 'string')
    return { problem: 'must be a string: a fully qualified domain name such as pool01.contoso.com' };
  const value = input.length <= 255 ? input.toLowerCase() : '';
  return fqdnPattern.test(value)
    ? { value }
    : { problem: 'must be a fully qualified domain name of at most 255 characters, such as pool01.contoso.com' };
}

export function parseSipUri(input: unknown): Parsed<SipUri> {
  if (typeof input !== 'string') return { problem: 'must be a string: a SIP address such as sip:alice@contoso.com' };
  const lower = input.length <= 260 ? input.toLowerCase() : '';
  const value = lower.startsWith('sip:') ? lower : `sip:${lower}`;
  return value.length <= 260 && sipPattern.test(value)
    ? { value: value as SipUri }
    : { problem: 'must be a SIP address of at most 256 characters, such as sip:alice@contoso.com' };
}

/** In characters, which are code points. */
export function isLongerThan(max: number, text: string): boolean {
  if (text.length <= max || text.length > max * 2) return text.length > max;
  let characters = 0;
  for (const _ of text) characters++;
  return characters > max;
}

/** A name of 1..`max` characters (code points) in one line, without spaces at its ends. */
export function parseName(input: unknown, max = 256): Parsed<string> {
  if (typeof input !== 'string') return { problem: `must be a string of 1 to ${max} characters` };
  if (input.length === 0 || isLongerThan(max, input)) return { problem: `must have 1 to ${max} characters` };
  if (!input.isWellFormed()) return { problem: 'must be well-formed Unicode, without unpaired surrogates' };
  if (controls.test(input)) return { problem: 'must be one line without control characters' };
  if (input.trim() !== input) return { problem: 'must not begin or end with a space' };
  return { value: input.normalize('NFC') };
}

/** Prose of 1..`max` characters; line breaks and tabs are welcome. */
export function parseText(input: unknown, max = textMax): Parsed<string> {
  if (typeof input !== 'string') return { problem: `must be a string of 1 to ${max} characters` };
  if (input.trim().length === 0 || isLongerThan(max, input)) return { problem: `must have 1 to ${max} characters` };
  if (!input.isWellFormed()) return { problem: 'must be well-formed Unicode, without unpaired surrogates' };
  if (proseControls.test(input))
    return { problem: 'must not contain control characters other than tab and line breaks' };
  return { value: input };
}

export function parsePolicyId(input: unknown): Parsed<PolicyId> {
  const problem = 'must be global, site:<site> or tag:<name>';
  if (typeof input !== 'string') return { problem };
  if (input.toLowerCase() === 'global') return { value: 'global' as PolicyId };
  const scope = /^(site|tag):/i.exec(input)?.[1]?.toLowerCase();
  if (scope === undefined) return { problem };
  const name = parseName(input.slice(scope.length + 1), scope === 'site' ? 256 : textMax - 'tag:'.length);
  return name.problem === undefined
    ? { value: `${scope}:${name.value}` as PolicyId }
    : { problem: `${problem}; the name after ${scope}: ${name.problem}` };
}

export function parseMigrationId(input: unknown): Parsed<string> {
  return typeof input === 'string' && /^[a-z0-9-]{1,64}$/.test(input)
    ? { value: input }
    : { problem: 'must have 1 to 64 characters of a-z, 0-9 and -' };
}

/** How names are compared: ignoring case. */
export function foldCase(name: string): string {
  return name.toLowerCase();
}

/** What stands on one side of an audit entry, a finding or a gate: `<kind>:<id>`. */
export type Subject = string;

export const subject = {
  site: (id: string): Subject => `site:${id}`,
  pool: (id: string): Subject => `pool:${id}`,
  deployment: (id: string): Subject => `deployment:${id}`,
  user: (id: string): Subject => `user:${id}`,
  policy: (id: string): Subject => `policy:${id}`,
  category: (deployment: string, name: string): Subject => `category:${deployment}/${name}`,
  room: (deployment: string, name: string): Subject => `room:${deployment}/${name}`,
  addIn: (deployment: string, name: string): Subject => `add-in:${deployment}/${name}`,
  migration: (id: string): Subject => `migration:${id}`,
  token: (id: string): Subject => `token:${id}`,
  run: (id: string): Subject => `run:${id}`,
  plan: (id: string): Subject => `plan:${id}`,
  estate: 'estate',
} as const;
