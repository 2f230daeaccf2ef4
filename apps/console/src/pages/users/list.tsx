import { useState } from 'react';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';
import { BulkBar } from './bulk-bar.js';
import { useUserQualifiers } from './find-users.js';
import { QuickFilters } from './quick-filters.js';
import { UsersGrid } from './users-grid.js';

/** They stand in an address; more are found by a filter. */
const selectedMax = 100;

export function Page() {
  const t = useWords();
  const { search, change } = useAddress();
  const qualifiers = useUserQualifiers();
  const find = search['find'] ?? '';
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // From what is chosen by then: rows keep the function that they were drawn with.
  const toggle = (user: string): void =>
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(user) && next.size < selectedMax) next.add(user);
      return next;
    });
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.users')} />
      <UsersGrid
        find={find}
        selection={{ selected, toggle, label: (user) => t('users.select', { user }) }}
        tools={(total, picker) => (
          <div className="tools">
            <SearchBox
              text={find}
              change={(text) => change({ find: text })}
              qualifiers={qualifiers}
              label={t('users.search')}
              placeholder={t('users.placeholder')}
            />
            <QuickFilters find={find} change={(text) => change({ find: text })} />
            {picker}
            <BulkBar find={find} total={total} selected={selected} clear={() => setSelected(new Set())} />
          </div>
        )}
      />
    </div>
  );
}
