import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { useWhyOff } from '../../ui/why-off.js';

const commands = [
  ['HomeUser', 'home-user'],
  ['GrantPolicy', 'grant-policy'],
  ['RevokePolicy', 'revoke-policy'],
  ['DisconnectClient', 'disconnect-client'],
  ['RetireUser', 'retire-user'],
] as const;

interface BulkBarProps {
  readonly find: string;
  readonly total: number | undefined;
  readonly selected: ReadonlySet<string>;
  readonly clear: () => void;
}

/** One command for what is chosen, or for everything that is found. */
export function BulkBar({ find, total, selected, clear }: BulkBarProps) {
  const t = useWords();
  const { go } = useAddress();
  const off = useWhyOff('operator');
  const isSelection = selected.size > 0;
  const search = isSelection ? { users: [...selected].join(' ') } : { for: find === '' ? 'retired:false' : find };
  const label = isSelection ? t('bulk.ofChosen', { count: selected.size }) : t('bulk.ofFound', { count: total ?? 0 });
  if (total === 0 && !isSelection) return null;
  if (off !== undefined)
    return (
      <Tooltip content={off} relationship="description">
        <Button disabledFocusable>{label}</Button>
      </Tooltip>
    );
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button disabledFocusable={total === undefined}>{label}</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {commands.map(([name, path]) => (
              <MenuItem key={name} onClick={() => go(`/commands/${path}`, search)}>
                {t(`command.${name}`)}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {isSelection && (
        <Button appearance="subtle" onClick={clear}>
          {t('bulk.clear')}
        </Button>
      )}
    </>
  );
}
