import { Button, Menu, MenuItemCheckbox, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { TableSettingsRegular } from '@fluentui/react-icons/headless/svg/table-settings';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import type { Column } from './data-grid.js';

interface ChosenColumns<T> {
  readonly shown: readonly Column<T>[];
  readonly picker: React.ReactNode;
}

/** The columns that the address names, or those that are usual; the first one always stays. */
export function useColumns<T>(all: readonly Column<T>[], usual: readonly string[]): ChosenColumns<T> {
  const { search, change } = useAddress();
  const named = search['columns']?.split(',').filter((id) => all.some((column) => column.id === id));
  const ids = named && named.length > 0 ? named : usual;
  const [first] = all;
  const shown = all.filter((column) => column === first || ids.includes(column.id));
  const choose = (chosen: readonly string[]): void =>
    change({ columns: chosen.join() === usual.join() ? undefined : chosen.join() }, { replace: true });
  return {
    shown: named ? shown.map((column) => ({ ...column, narrow: true })) : shown,
    picker: <ColumnPicker all={all.slice(1)} ids={ids} choose={choose} />,
  };
}

interface ColumnPickerProps {
  readonly all: readonly { readonly id: string; readonly name: string }[];
  readonly ids: readonly string[];
  readonly choose: (ids: readonly string[]) => void;
}

function ColumnPicker({ all, ids, choose }: ColumnPickerProps) {
  const t = useWords();
  return (
    <Menu
      checkedValues={{ columns: [...ids] }}
      onCheckedValueChange={(_, { checkedItems }) =>
        choose(all.map(({ id }) => id).filter((id) => checkedItems.includes(id)))
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<TableSettingsRegular />}
          aria-label={t('grid.columns')}
          title={t('grid.columns')}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {all.map(({ id, name }) => (
            <MenuItemCheckbox key={id} name="columns" value={id}>
              {name}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
