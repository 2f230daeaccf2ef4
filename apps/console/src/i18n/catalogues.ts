import type { en } from './en.js';
import type { Language } from './languages.js';
import type { Message } from './message.js';

/** As it is written: ICU texts. */
export type Catalogue = Readonly<Record<keyof typeof en, string>>;
/** As the build makes it (`vite.config.mjs`). */
type Messages = Readonly<Record<keyof typeof en, Message>>;

const load: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('./en.js')).en,
  ru: async () => (await import('./ru.js')).ru,
};
const loaded = new Map<Language, Messages>();

export async function loadLanguage(language: Language): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, await load[language]());
}

/** @throws where the language was not loaded before */
export function catalogueOf(language: Language): Messages {
  const catalogue = loaded.get(language);
  if (!catalogue) throw new Error(`the language ${language} is not loaded`);
  return catalogue;
}
