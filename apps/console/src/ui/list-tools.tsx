import type { ReactNode } from 'react';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { type Qualifier, SearchBox } from './search-box.js';

interface ListToolsProps {
  readonly label: string;
  readonly qualifiers: readonly Qualifier[];
  /** Of the columns. */
  readonly picker: ReactNode;
}

/** What a list is searched with, and its columns chosen; the search stands in the address. */
export function ListTools({ label, qualifiers, picker }: ListToolsProps) {
  const t = useWords();
  const { search, change } = useAddress();
  const names = qualifiers.map(({ name }) => `${name}:`).join(' ');
  return (
    <div className="tools">
      <SearchBox
        text={search['find'] ?? ''}
        change={(text) => change({ find: text })}
        qualifiers={qualifiers}
        label={t('list.search', { list: label })}
        placeholder={names === '' ? t('list.words') : t('list.placeholder', { names })}
      />
      {picker}
    </div>
  );
}
