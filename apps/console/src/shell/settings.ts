import { loadLanguage } from '../i18n/catalogues.js';
import { type Language, languages } from '../i18n/languages.js';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
  /** Whether keys without Ctrl do something (WCAG 2.1.4: who dictates or has a tremor turns them off). */
  readonly singleKeys: boolean;
}

const storageKey = 'homeward.settings';
let settings: Settings = read();
const listeners = new Set<() => void>();

function read(): Settings {
  const preferred: Language = navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en';
  let stored: Partial<Settings> = {};
  try {
    stored = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Settings>;
  } catch {
    // A browser that keeps nothing, or somebody's own text: the settings begin anew.
  }
  return {
    theme: themes.find((theme) => theme === stored.theme) ?? 'system',
    language: stored.language && Object.hasOwn(languages, stored.language) ? stored.language : preferred,
    singleKeys: stored.singleKeys ?? true,
  };
}

export function currentSettings(): Settings {
  return settings;
}

/** Tells of each change until it is ended. */
export function onSettings(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  if (change.language) await loadLanguage(change.language);
  settings = { ...settings, ...change };
  document.documentElement.lang = settings.language;
  try {
    localStorage.setItem(storageKey, JSON.stringify(settings));
  } catch {
    // They hold until the page is closed.
  }
  for (const listener of listeners) listener();
}
