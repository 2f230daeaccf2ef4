import { useEffect } from 'react';
import { useStepping } from '../moment/stepping.js';
import { useAddress } from './address.js';
import { currentSettings } from './settings.js';
import { typedKey } from './typed-key.js';

/** After `g`: a page. */
export const pageKeys: Readonly<Record<string, string>> = {
  o: '/',
  d: '/deployments',
  p: '/pools',
  u: '/users',
  c: '/content',
  t: '/timeline',
  m: '/compare',
  x: '/commands',
  r: '/runs',
};

const chordMs = 1200;

interface ShortcutActions {
  readonly openPalette: () => void;
  readonly openSheet: () => void;
}

/** Keys that work everywhere but in a field. */
export function useShortcuts({ openPalette, openSheet }: ShortcutActions): void {
  const { go, change } = useAddress();
  const { previous, next } = useStepping();
  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      const key = typedKey(event);
      if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (!currentSettings().singleKeys) return;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = Date.now() < chordUntil ? pageKeys[key] : undefined;
      chordUntil = key === 'g' ? Date.now() + chordMs : 0;
      const act =
        page !== undefined
          ? () => go(page)
          : {
              '?': openSheet,
              '/': focusSearch,
              '[': () => void previous(),
              ']': () => void next(),
              n: () => change({ asOf: undefined }),
            }[key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [openPalette, openSheet, go, change, previous, next]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null)
  );
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-search]')?.focus();
}
