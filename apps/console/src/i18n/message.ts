/** A message as the build makes it of its ICU text: text that is said as it is, or its parts in a row. */
export type Message = string | readonly Part[];

/** Text; a value; a value as a number; a choice by the plural of a value; within it, that value (`#`). */
type Part = string | readonly [name: string] | readonly [name: string, 'number'] | readonly [name: string, Plural] | 0;
type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, readonly Part[]>>>;

export type Values = Readonly<Record<string, string | number | boolean | Date | null | undefined>>;

interface Speech {
  readonly values: Values;
  readonly number: (value: number) => string;
  readonly plural: (value: number) => Intl.LDMLPluralRule;
}

export function textOf(message: Message, speech: Speech): string {
  return typeof message === 'string' ? message : said(message, speech, 0);
}

function said(parts: readonly Part[], speech: Speech, counted: number): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    if (part === 0) {
      text += speech.number(counted);
      continue;
    }
    const [name, how] = part;
    const value = speech.values[name];
    if (how === undefined) text += String(value ?? '');
    else if (how === 'number') text += speech.number(Number(value));
    else text += said(how[speech.plural(Number(value))] ?? how.other ?? [], speech, Number(value));
  }
  return text;
}
