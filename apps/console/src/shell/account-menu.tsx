import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { PersonRegular } from '@fluentui/react-icons/headless/svg/person';
import { useState } from 'react';
import { signOut } from '../api/session.js';
import { useWho } from '../api/use-session.js';
import { useWords } from '../i18n/i18n.js';
import { Failure } from '../ui/failure.js';

/** Who is signed in, with which roles, and the way out. */
export function AccountMenu({ openSheet }: { readonly openSheet: () => void }) {
  const t = useWords();
  const { name, roles, expiresAt } = useWho();
  const [error, setError] = useState<Error | null>(null);
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (refused) {
      setError(refused as Error);
    }
  };
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<PersonRegular />} aria-label={t('account.title', { name })} title={name} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuGroup>
              <MenuGroupHeader>{name}</MenuGroupHeader>
              <div className="account-facts">
                {roles.map((role) => t(`role.${role}`)).join(', ')}
                {expiresAt && <div>{t('account.expires', { at: t.time(expiresAt) })}</div>}
              </div>
            </MenuGroup>
            <MenuDivider />
            <MenuItem onClick={openSheet}>{t('shortcuts.title')}</MenuItem>
            <MenuItemLink href="/docs" target="_blank" rel="noreferrer">
              {t('account.docs')}
            </MenuItemLink>
            <MenuDivider />
            <MenuItem onClick={() => void leave()}>{t('account.signOut')}</MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {error && <Failure error={error} />}
    </>
  );
}
