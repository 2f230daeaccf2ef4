import { asOfLocal } from '../../moment/local-time.js';
import type { Command } from './catalogue.js';

/** What stands in the form; a list is its choices, divided by commas. */
export type Draft = Readonly<Record<string, string>>;

/** The body of the command: what is empty is left out, and every field has its own type. */
export function bodyOf({ fields }: Pick<Command, 'fields'>, draft: Draft): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const text = (draft[name] ?? '').trim();
    if (text === '') continue;
    if (kind === 'flag') body[name] = text === 'true';
    else if (kind === 'list') body[name] = text.split(',');
    // A moment to come: not bounded by now.
    else if (kind === 'instant') body[name] = asOfLocal(text, Infinity) ?? text;
    else if (kind === 'count' && /^\d+$/.test(text)) body[name] = Number(text);
    else body[name] = text;
  }
  return body;
}
