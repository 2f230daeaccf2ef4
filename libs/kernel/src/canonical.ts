import canonicalize from 'canonicalize';

// What is nested deeper, or in a circle, is the library's.
const depthMax = 64;

/** RFC 8785 JSON. Throws on what JSON cannot hold (undefined at the top, NaN, unpaired surrogates). */
export function canonicalJson(value: unknown): string {
  const text = plainJson(value, 0) ?? canonicalize(value);
  if (text === undefined) throw new TypeError('canonical JSON needs a JSON value');
  return text;
}

/** The same of plain JSON values, in half the time, for every event is written in it; undefined of anything that needs a closer look. */
function plainJson(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? JSON.stringify(value) : undefined;
    case 'number':
      return Number.isFinite(value) ? `${value}` : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === depthMax) return undefined;
      return Array.isArray(value) ? plainArray(value, depth + 1) : plainObject(value, depth + 1);
    default:
      return undefined;
  }
}

function plainArray(elements: readonly unknown[], depth: number): string | undefined {
  let text = '';
  for (const element of elements) {
    const json = plainJson(element, depth);
    if (json === undefined) return undefined;
    text += text === '' ? json : `,${json}`;
  }
  return `[${text}]`;
}

function plainObject(value: object, depth: number): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) return undefined;
  let text = '';
  for (const name of sorted(Object.keys(value))) {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    const json = plainJson(member, depth);
    const before = beforeMember(name);
    if (json === undefined || before === undefined) return undefined;
    text += text === '' ? `${before}${json}` : `,${before}${json}`;
  }
  return `{${text}}`;
}

/** So many are sorted faster by insertion, and nothing is copied. */
const fewNames = 16;

/** By UTF-16 code units, as the RFC asks. */
function sorted(names: string[]): readonly string[] {
  if (names.length > fewNames) return names.sort();
  for (let end = 1; end < names.length; end++) {
    const name = names[end]!;
    let at = end;
    for (; at > 0 && names[at - 1]! > name; at--) names[at] = names[at - 1]!;
    names[at] = name;
  }
  return names;
}

/** Names are few and come again and again. */
const known = new Map<string, string>();
const knownMax = 1000;

/** The name as JSON, and the colon; undefined of what is no Unicode. */
function beforeMember(name: string): string | undefined {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (!name.isWellFormed()) return undefined;
  const written = `${JSON.stringify(name)}:`;
  if (known.size < knownMax && name.length < 100) known.set(name, written);
  return written;
}
