import { IntlMessageFormat } from 'intl-messageformat';
import { compiled } from './compile.js';
import { en } from './en.js';
import { type Message, textOf, type Values } from './message.js';
import { ru } from './ru.js';

const say = (message: Message, values: Values, language: string): string =>
  textOf(message, {
    values,
    number: (value) => new Intl.NumberFormat(language).format(value),
    plural: (value) => new Intl.PluralRules(language).select(value),
  });

describe('a message', () => {
  it.each(Object.entries({ en, ru }))('of the catalogue in %s says what its ICU text says', (language, catalogue) => {
    const names = [...new Set(Object.values(catalogue).flatMap((text) => text.match(/(?<=\{)\w+(?=[,}])/g) ?? []))];
    const differing = [0, 1, 2, 5, 21, 1_234_567].flatMap((value) =>
      Object.entries(catalogue).filter(([, text]) => {
        const values = Object.fromEntries(names.map((name) => [name, value]));
        const whole = text.includes('{')
          ? new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).format(values)
          : text;
        return say(compiled(text), values, language) !== whole;
      }),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(differing).toEqual([]);
  });

  it('puts in nothing where there is no value', () => {
    expect(say(compiled('moved to {pool}.'), { pool: undefined }, 'en')).toBe('moved to .');
  });

  it('is refused while the console is built where it takes more than values, numbers and plurals', () => {
    for (const text of ['{at, date, short}', '{role, select, admin {a} other {b}}', '{n, plural, offset:1 other {#}}'])
      expect(() => compiled(text)).toThrow(text);
  });
});
