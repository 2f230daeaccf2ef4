import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useSettings } from '../shell/use-settings.js';
import type { en } from './en.js';
import { catalogueOf } from './catalogues.js';
import type { Language } from './languages.js';
import { type Message, textOf, type Values } from './message.js';

export type Key = keyof typeof en;

export interface Words {
  readonly language: Language;
  (key: Key, values?: Values): string;
  /** Words for what the server names; what nobody has translated yet is shown by its own name. */
  named: (family: string, name: string) => string;
  count: (value: number) => string;
  percent: (share: number) => string;
  /** Local date and time to the second. */
  time: (instant: string | number) => string;
  clock: (instant: string | number) => string;
  day: (instant: string | number) => string;
  utc: (instant: string | number) => string;
  /** How long ago, or how long a span is, in its largest unit. */
  span: (seconds: number) => string;
}

function wordsIn(language: Language): Words {
  const catalogue = catalogueOf(language);
  const numbers = once(() => new Intl.NumberFormat(language));
  const percents = once(() => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }));
  const dates = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(language, options));
  const times = dates({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  const clocks = dates({ timeStyle: 'medium', hourCycle: 'h23' });
  const days = dates({ dateStyle: 'medium' });
  const plurals = once(() => new Intl.PluralRules(language));
  const speech = {
    number: (value: number) => numbers().format(value),
    plural: (value: number) => plurals().select(value),
  };
  const say = (key: string, values: Values = {}): string =>
    textOf((catalogue as Readonly<Record<string, Message>>)[key] ?? key, { ...speech, values });
  return Object.assign((key: Key, values?: Values) => say(key, values), {
    language,
    named: (family: string, name: string) =>
      Object.hasOwn(catalogue, `${family}.${name}`) ? say(`${family}.${name}`) : name,
    count: speech.number,
    percent: (share: number) => percents().format(share),
    // A column has no room for the Russian word for a year, whose number says the same.
    time: (instant: string | number) =>
      times()
        .format(new Date(instant))
        .replace(/\s?г\.(?=,)/u, ''),
    clock: (instant: string | number) => clocks().format(new Date(instant)),
    day: (instant: string | number) => days().format(new Date(instant)),
    utc: (instant: string | number) => new Date(instant).toISOString(),
    span: (seconds: number) => {
      const [unit, per] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
        maximumFractionDigits: 0,
      }).format(Math.round(seconds / per));
    },
  });
}

/** Made when it is first asked for: browsers take their time over each. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const WordsContext = createContext<Words | null>(null);

/** The language of the settings; it must be loaded. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const { language } = useSettings();
  const words = useMemo(() => wordsIn(language), [language]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('no words are provided');
  return words;
}
