import type { en } from './en.js';
import type { Language } from './languages.js';

export type Catalogue = Readonly<Record<keyof typeof en, string>>;

const load: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en.js')).en,
  ru: async () => (await import('./ru.js')).ru,
};
const loaded = new Map<Language, Catalogue>();

export async function loadLanguage(language: Language): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, await load[language]());
}

/** @throws where the language was not loaded before */
export function catalogueOf(language: Language): Catalogue {
  const catalogue = loaded.get(language);
  if (!catalogue) throw new Error(`the language ${language} is not loaded`);
  return catalogue;
}
