import { currentSettings, onSettings } from './settings.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Shows the theme of the settings from now on: the style sheet has the colours of each. */
export function keepTheme(): void {
  show();
  onSettings(show);
  dark.addEventListener('change', show);
}

function show(): void {
  const { theme } = currentSettings();
  document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
}
