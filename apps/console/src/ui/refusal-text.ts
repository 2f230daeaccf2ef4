import type { Refusal } from '../api/problem.js';
import type { Words } from '../i18n/i18n.js';

/** All rules that say no to one row, as one line; before the server's English in the words of another language. */
export function refusalText(t: Words, refusals: readonly Refusal[]): string {
  return refusals
    .map(({ rule, detail }) => {
      const words = t.named('rule', rule);
      return t.language === 'en' || words === rule ? `${rule}: ${detail}` : `${words} (${rule}): ${detail}`;
    })
    .join(' · ');
}
