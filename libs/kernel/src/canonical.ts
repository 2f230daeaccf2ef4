import canonicalize from 'canonicalize';

/** RFC 8785 JSON. Throws on what JSON cannot hold (undefined at the top, NaN, unpaired surrogates). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonical JSON needs a JSON value');
  return text;
}
