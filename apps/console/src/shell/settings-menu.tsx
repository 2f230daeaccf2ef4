import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons/headless/svg/dark-theme';
import { useWords } from '../i18n/i18n.js';
import { languages } from '../i18n/languages.js';
import { changeSettings, themes } from './settings.js';
import { useSettings } from './use-settings.js';

/** Theme and language. */
export function SettingsMenu() {
  const t = useWords();
  const { theme, language, singleKeys } = useSettings();
  return (
    <Menu
      checkedValues={{ theme: [theme], language: [language], keys: singleKeys ? ['single'] : [] }}
      onCheckedValueChange={(_, { name, checkedItems: [value] }) =>
        void changeSettings(name === 'keys' ? { singleKeys: value !== undefined } : { [name]: value })
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<DarkThemeRegular />}
          aria-label={t('settings.title')}
          title={t('settings.title')}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t('settings.theme')}</MenuGroupHeader>
            {themes.map((each) => (
              <MenuItemRadio key={each} name="theme" value={each}>
                {t(`theme.${each}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t('settings.language')}</MenuGroupHeader>
            {Object.entries(languages).map(([id, name]) => (
              <MenuItemRadio key={id} name="language" value={id} lang={id}>
                {name}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItemCheckbox name="keys" value="single">
            {t('settings.singleKeys')}
          </MenuItemCheckbox>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
