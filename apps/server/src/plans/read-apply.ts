import { BaseCommand, type FieldError, fieldsOf } from '#kernel';
import type { Words } from '#runs';
import { isObject } from './read-plan.js';

/** What it takes to apply a plan. */
interface Apply {
  readonly hash: string;
  readonly words: Words;
}

/** The words that any command takes. */
const words = fieldsOf(BaseCommand);
const known = ['hash', ...words.map(({ name }) => name)];

/** `{hash, reason?, ticket?}`, or one error per bad member. */
export function readApply(
  body: unknown,
):
  | { readonly asked: Apply; readonly errors?: undefined }
  | { readonly asked?: undefined; readonly errors: readonly FieldError[] } {
  if (!isObject(body)) return { errors: [{ field: '', message: 'must be a JSON object with the hash of the plan' }] };
  const errors: FieldError[] = Object.keys(body)
    .filter((name) => !known.includes(name))
    .slice(0, 100)
    .map((name) => ({
      field: name.slice(0, 200).toWellFormed(),
      message: `is not known here; there are ${known.join(', ')}`,
    }));
  const { hash } = body;
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash))
    errors.push({ field: 'hash', message: 'must be the hash of the plan: 64 hexadecimal digits, lower-case' });
  const said: Record<string, string | null> = { reason: null, ticket: null };
  for (const { name, parse } of words) {
    const given = body[name];
    if (given == null) continue;
    const parsed = parse(given);
    if (parsed.problem === undefined) said[name] = parsed.value as string;
    else errors.push({ field: name, message: parsed.problem });
  }
  return errors.length > 0
    ? { errors }
    : { asked: { hash: hash as string, words: { reason: said['reason'] ?? null, ticket: said['ticket'] ?? null } } };
}
