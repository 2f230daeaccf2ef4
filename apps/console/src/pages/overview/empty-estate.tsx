import { useMoment } from '../../moment/moment.js';
import { useWords } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageLink } from '../../ui/page-link.js';

/** The first page of an empty tracker leads on. */
export function EmptyEstate() {
  const t = useWords();
  const { isPast } = useMoment();
  if (isPast) return <EmptyState title={t('empty.pastTitle')} detail={t('empty.pastDetail')} />;
  return (
    <EmptyState title={t('empty.estateTitle')} detail={t('empty.estateDetail')}>
      <ol className="steps">
        <li>
          <CommandButton command="register-site" isPrimary>
            {t('empty.site')}
          </CommandButton>
        </li>
        <li>
          <CommandButton command="register-pool">{t('empty.pool')}</CommandButton>
        </li>
        <li>
          <PageLink to="/import">{t('empty.import')}</PageLink>
        </li>
        <li>
          {t('empty.sample')} <code>npm run demo</code>
        </li>
      </ol>
    </EmptyState>
  );
}
