import { NavigationRegular } from '@fluentui/react-icons/headless/svg/navigation';
import { SearchRegular } from '@fluentui/react-icons/headless/svg/search';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/i18n.js';
import { MomentBar } from '../moment/moment-bar.js';
import { useMoment } from '../moment/moment.js';
import { LinkedMoment, useFollow } from '../ui/page-link.js';
import { PlainButton } from '../ui/plain-button.js';
import { usePlace } from './address.js';
import { ConnectionBar } from './connection-bar.js';
import { CurrentPage } from './current-page.js';
import { HeaderPart } from './header-part.js';
import { Logo } from './logo.js';
import { Navigation } from './navigation.js';
import { OverlayPart } from './overlay-part.js';
import { accountMenuPart, palettePart, settingsMenuPart, shortcutSheetPart } from './parts.js';
import { useShortcuts } from './shortcuts.js';

type Overlay = 'palette' | 'shortcuts' | null;

/** What stands around every page. */
export function Shell() {
  const t = useWords();
  const { asOf, isPast } = useMoment();
  const follow = useFollow();
  const { path, askedPath } = usePlace();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const close = (): void => setOverlay(null);
  const main = useRef<HTMLElement>(null);
  useShortcuts({ openPalette: () => setOverlay('palette'), openSheet: () => setOverlay('shortcuts') });
  useEffect(() => setMenuOpen(false), [askedPath]);
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [path]);
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
            <HeaderPart part={settingsMenuPart} given={{}} />
            <HeaderPart part={accountMenuPart} given={{ openSheet: () => setOverlay('shortcuts') }} />
          </span>
        </header>
        <ConnectionBar />
        <div className="below">
          <Navigation isOpen={isMenuOpen} />
          <main id="main" ref={main} tabIndex={-1}>
            <CurrentPage />
          </main>
        </div>
        <OverlayPart part={palettePart} isOpen={overlay === 'palette'} close={close} />
        <OverlayPart part={shortcutSheetPart} isOpen={overlay === 'shortcuts'} close={close} />
      </div>
    </LinkedMoment>
  );
}
