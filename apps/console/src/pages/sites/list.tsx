import { useMemo } from 'react';
import type { Site } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { YesNo } from '../../ui/signs.js';
import { CommandButton } from '../../ui/command-button.js';
import type { Column } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { SubjectLinks } from '../../ui/subject-link.js';
import { usersAddress } from '../../ui/subject.js';

const usual = ['pools', 'policy'];

export function Page() {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.sites')}>
        <CommandButton command="register-site">{t('command.RegisterSite')}</CommandButton>
      </PageHeader>
      <ShortList<Site>
        path="/api/sites"
        label={t('nav.sites')}
        columns={columns}
        usual={usual}
        keyOf={({ site }) => site}
        to={({ site }) => usersAddress({ site })}
        valuesOf={({ site, pools }) => ({ site, pools: pools.join(' ') })}
        hints={{}}
        say={(count) => t('sites.total', { count })}
        empty={
          <EmptyState title={t('sites.noneTitle')} detail={t('sites.noneDetail')}>
            <CommandButton command="register-site" isPrimary>
              {t('command.RegisterSite')}
            </CommandButton>
          </EmptyState>
        }
      />
    </div>
  );
}

function columnsIn(t: Words): readonly Column<Site>[] {
  return [
    {
      id: 'site',
      name: t('field.site'),
      width: 'minmax(10rem, 1fr)',
      narrow: true,
      cell: ({ site }) => site,
    },
    {
      id: 'pools',
      name: t('nav.pools'),
      width: 'minmax(14rem, 2fr)',
      narrow: true,
      cell: ({ pools }) => <SubjectLinks subjects={pools.map((pool) => `pool:${pool}`)} />,
    },
    {
      id: 'policy',
      name: t('sites.policy'),
      width: 'minmax(10rem, 1fr)',
      cell: ({ policy }) =>
        policy === null ? (
          t('sites.noPolicy')
        ) : (
          <YesNo value={policy.enabled} yes={t('policy.enabled')} no={t('policy.disabled')} />
        ),
    },
  ];
}
