import type { UserCounts as Counts } from '../api/types.js';
import { useWords } from '../i18n/i18n.js';
import { PageLink } from './page-link.js';
import { usersAddress } from './subject.js';

interface UserCountsProps {
  readonly pool: string;
  readonly users: Counts;
}

/** Of the users of a pool: each count leads to those whom it counts. */
export function UserCounts({ pool, users: { homed, enabled, ready } }: UserCountsProps) {
  const t = useWords();
  return (
    <span className="counts">
      <PageLink {...usersAddress({ pool })}>{t('counts.homedN', { count: homed })}</PageLink>
      {'\u00a0· '}
      <PageLink {...usersAddress({ pool, enabled: 'true' })}>{t('counts.enabledN', { count: enabled })}</PageLink>
      {'\u00a0· '}
      <PageLink {...usersAddress({ pool, ready: 'true' })}>{t('counts.readyN', { count: ready })}</PageLink>
    </span>
  );
}
