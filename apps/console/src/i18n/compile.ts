import { IntlMessageFormat } from 'intl-messageformat';
import type { Message } from './message.js';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
type Parts = Exclude<Message, string>;

/** The parser's numbers for what the catalogues use. */
const kind = { literal: 0, argument: 1, number: 2, plural: 6, pound: 7 } as const;

/** Reads an ICU message while the console is built, so that no browser has to. @throws where it uses what `message.ts` does not know */
export function compiled(text: string): Message {
  if (!text.includes('{')) return text;
  return partsOf(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst(), text);
}

function partsOf(elements: readonly Element[], text: string): Parts {
  return elements.map((element): Parts[number] => {
    const type: number = element.type;
    if (type === kind.pound) return 0;
    if (type === kind.literal && 'value' in element) return element.value;
    if (type === kind.argument && 'value' in element) return [element.value];
    if (type === kind.number && 'style' in element && !element.style) return [element.value, 'number'];
    if (type === kind.plural && 'offset' in element && element.offset === 0 && element.pluralType === 'cardinal')
      return [
        element.value,
        Object.fromEntries(Object.entries(element.options).map(([form, { value }]) => [form, partsOf(value, text)])),
      ];
    throw new Error(`a message may hold plain values, numbers and plurals alone: ${text}`);
  });
}
