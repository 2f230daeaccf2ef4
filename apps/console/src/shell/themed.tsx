import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  type Theme as FluentTheme,
} from '@fluentui/react-components';
import { teamsHighContrastTheme, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { type ReactNode, useLayoutEffect, useSyncExternalStore } from 'react';
import { type Theme } from './settings.js';
import { useSettings } from './use-settings.js';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {});
const dark = matchMedia('(prefers-color-scheme: dark)');

const fluentThemes: Readonly<Record<Exclude<Theme, 'system'>, FluentTheme>> = {
  light: webLightTheme,
  dark: webDarkTheme,
  contrast: teamsHighContrastTheme,
};

/** Fluent in the theme of the settings, its styles marked with the page's nonce. */
export function Themed({ children }: { readonly children: ReactNode }) {
  const { theme } = useSettings();
  const prefersDark = useSyncExternalStore(
    (listener) => {
      dark.addEventListener('change', listener);
      return () => dark.removeEventListener('change', listener);
    },
    () => dark.matches,
  );
  const shown = theme === 'system' ? (prefersDark ? 'dark' : 'light') : theme;
  // On the document: what Fluent shows above the page (menus, dialogs) stands beside the provider, not in it.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = shown;
  }, [shown]);
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={fluentThemes[shown]}>{children}</FluentProvider>
    </RendererProvider>
  );
}
