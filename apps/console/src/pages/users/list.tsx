import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';
import { useUserQualifiers } from './find-users.js';
import { QuickFilters } from './quick-filters.js';
import { UsersGrid } from './users-grid.js';

export function Page() {
  const t = useWords();
  const { search, change } = useAddress();
  const qualifiers = useUserQualifiers();
  const find = search['find'] ?? '';
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.users')} />
      <UsersGrid
        find={find}
        tools={(_, picker) => (
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
          </div>
        )}
      />
    </div>
  );
}
