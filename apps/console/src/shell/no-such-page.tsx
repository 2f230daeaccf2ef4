import { useWords } from '../i18n/i18n.js';
import { EmptyState } from '../ui/empty-state.js';
import { PageHeader } from '../ui/page-header.js';
import { PageLink } from '../ui/page-link.js';
import { navigation } from './navigation.js';

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
