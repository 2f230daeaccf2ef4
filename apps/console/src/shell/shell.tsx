import { NavigationRegular } from '@fluentui/react-icons/headless/svg/navigation';
import { SearchRegular } from '@fluentui/react-icons/headless/svg/search';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/i18n.js';
import { MomentBar } from '../moment/moment-bar.js';
import { useMoment } from '../moment/moment.js';
import { useSettled } from '../ui/settled.js';
import { EmptyState } from '../ui/empty-state.js';
import { PageHeader } from '../ui/page-header.js';
import { LinkedMoment, PageLink, useFollow } from '../ui/page-link.js';
import { PlainButton } from '../ui/plain-button.js';
import { useAddress } from './address.js';
import { ConnectionBar } from './connection-bar.js';
import { Logo } from './logo.js';
import { Navigation, navigation } from './navigation.js';
import { useShortcuts } from './shortcuts.js';

// Menus need much that the rest of a page does not.
const AccountMenu = lazy(async () => ({ default: (await import('./account-menu.js')).AccountMenu }));
const SettingsMenu = lazy(async () => ({ default: (await import('./settings-menu.js')).SettingsMenu }));
const Palette = lazy(async () => ({ default: (await import('../palette/palette.js')).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./shortcut-sheet.js')).ShortcutSheet }));

type Overlay = 'palette' | 'shortcuts' | null;

/** What stands around every page. */
export function Shell() {
  const t = useWords();
  const { asOf, isPast } = useMoment();
  const follow = useFollow();
  const { path } = useAddress();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const isSettled = useSettled();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useShortcuts({ openPalette: () => setOverlay('palette'), openSheet: () => setOverlay('shortcuts') });
  useEffect(() => setMenuOpen(false), [path]);
  return (
    <LinkedMoment value={asOf}>
      <div className={isPast ? 'shell past' : 'shell'} onClick={follow}>
        <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
          {t('shell.skip')}
        </a>
        <header className="top">
          <PlainButton
            className="menu-button"
            appearance="subtle"
            icon={<NavigationRegular />}
            aria-label={t('shell.menu')}
            aria-expanded={isMenuOpen}
            aria-controls="navigation"
            onClick={() => setMenuOpen(!isMenuOpen)}
          />
          <span className="brand">
            <Logo />
            <b>Homeward</b>
          </span>
          <MomentBar />
          <span className="top-end">
            <PlainButton
              appearance="subtle"
              className="find"
              icon={<SearchRegular />}
              aria-keyshortcuts="Control+K"
              onClick={() => setOverlay('palette')}
            >
              <span className="wide-only">
                {t('palette.open')} <kbd>Ctrl K</kbd>
              </span>
            </PlainButton>
            <Suspense fallback={<span className="two-buttons" />}>
              {isSettled ? (
                <>
                  <SettingsMenu />
                  <AccountMenu openSheet={() => setOverlay('shortcuts')} />
                </>
              ) : (
                <span className="two-buttons" />
              )}
            </Suspense>
          </span>
        </header>
        <ConnectionBar />
        <div className="below">
          <Navigation isOpen={isMenuOpen} />
          <main id="main" ref={main} tabIndex={-1}>
            <Outlet />
          </main>
        </div>
        <Suspense>
          {overlay === 'palette' && <Palette close={() => setOverlay(null)} />}
          {overlay === 'shortcuts' && <ShortcutSheet close={() => setOverlay(null)} />}
        </Suspense>
      </div>
    </LinkedMoment>
  );
}

export function NoSuchPage() {
  const t = useWords();
  return (
    <div className="page">
      <PageHeader title={t('noPage.title')} />
      <EmptyState detail={t('noPage.detail')}>
        {navigation[0]?.places.map(({ to, name }) => (
          <PageLink key={to} to={to}>
            {t(name)}
          </PageLink>
        ))}
      </EmptyState>
    </div>
  );
}
