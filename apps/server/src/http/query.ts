import type { FastifyRequest } from 'fastify';
import type { FieldError } from '#kernel';
import { malformed } from '../problems/problem.js';

/** The parameters of a URL's query in their order, decoded. One that is no UTF-8 in percent-encoding is an error. */
export function queryOf(url: string | undefined): {
  readonly given: readonly (readonly [string, string])[];
  readonly errors: FieldError[];
} {
  const start = url?.indexOf('?') ?? -1;
  const given: [string, string][] = [];
  const errors: FieldError[] = [];
  if (url === undefined || start === -1) return { given, errors };
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = decoded(equals === -1 ? '' : pair.slice(equals + 1));
    if (name !== undefined && value !== undefined) given.push([name, value]);
    else errors.push({ field: (name ?? pair).slice(0, 200), message: 'must be percent-encoded UTF-8, such as %D0%90' });
  }
  return { given, errors };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** A query that takes these parameters at most, each once: what is told of any other. */
export function strayParameters(given: readonly (readonly [string, string])[], known: readonly string[]): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const [name] of given) {
    if (!known.includes(name)) errors.push(unknownParameter(name, known));
    else if (seen.has(name)) errors.push({ field: name, message: 'must be given once' });
    seen.add(name);
  }
  return errors.slice(0, 100);
}

export function unknownParameter(name: string, known: readonly string[]): FieldError {
  const takes = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  return { field: name.slice(0, 200), message: `is not a parameter of this path; ${takes}` };
}

/** @throws {Problem} where a path that takes no parameters was given one. */
export function assertNoQuery({ raw }: FastifyRequest): void {
  const { given, errors } = queryOf(raw.url);
  const stray = [...errors, ...strayParameters(given, [])];
  if (stray.length > 0) throw malformed(...stray);
}
