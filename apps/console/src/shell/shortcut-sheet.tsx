import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useWords } from '../i18n/i18n.js';
import { navigation } from './navigation.js';
import { Overlay } from './overlay.js';
import type { OverlayProps } from './overlay-part.js';
import { useSettings } from './use-settings.js';
import { pageKeys } from './shortcuts.js';

/** Every key that does something. */
export function ShortcutSheet({ isOpen, close }: OverlayProps) {
  const t = useWords();
  const { singleKeys } = useSettings();
  const places = navigation.flatMap((group) => group.places);
  const rows: readonly (readonly [keys: string, what: string])[] = [
    ['Ctrl K', t('shortcuts.palette')],
    ['/', t('shortcuts.search')],
    ['[  ]', t('shortcuts.step')],
    ['n', t('shortcuts.now')],
    ['↑ ↓ PgUp PgDn', t('shortcuts.rows')],
    ['Enter', t('shortcuts.open')],
    ...Object.entries(pageKeys).flatMap(([key, path]) => {
      const place = places.find(({ to }) => to === path);
      return place ? ([[`g ${key}`, t(place.name)]] as const) : [];
    }),
    ['?', t('shortcuts.title')],
  ];
  return (
    <Overlay isOpen={isOpen} close={close}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('shortcuts.title')}</DialogTitle>
          <DialogContent>
            {!singleKeys && <p>{t('shortcuts.off')}</p>}
            <dl className="shortcuts">
              {rows.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    {keys.split(/\s+/).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={close}>
              {t('close')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Overlay>
  );
}
