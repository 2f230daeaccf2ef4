import { useMemo } from 'react';
import type { Pool } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import type { Column } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { estateColumns } from '../../ui/estate-columns.js';
import { gatesOf } from '../../ui/open-gates.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { SubjectLinks } from '../../ui/subject-link.js';

const usual = ['generation', 'site', 'status', 'homed', 'enabled', 'ready', 'deployments', 'gates'];
const path = ({ pool }: Pool): string => `/pools/${encodeURIComponent(pool)}`;

export function Page() {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.pools')} detail={t('pools.detail')}>
        <CommandButton command="register-pool">{t('command.RegisterPool')}</CommandButton>
      </PageHeader>
      <ShortList<Pool>
        path="/api/pools"
        label={t('nav.pools')}
        columns={columns}
        usual={usual}
        keyOf={({ pool }) => pool}
        to={(row) => ({ to: path(row) })}
        valuesOf={({ pool, generation, status, site }) => ({ pool, generation, status, site })}
        hints={{ generation: t('filter.generation'), status: t('filter.status'), site: t('filter.site') }}
        say={(count) => t('pools.total', { count })}
        empty={
          <EmptyState title={t('pools.noneTitle')} detail={t('pools.noneDetail')}>
            <CommandButton command="register-pool" isPrimary>
              {t('command.RegisterPool')}
            </CommandButton>
          </EmptyState>
        }
      />
    </div>
  );
}

function columnsIn(t: Words): readonly Column<Pool>[] {
  const { generation, site, status, homed, enabled, ready, gates } = estateColumns<Pool>(t, {
    poolOf: ({ pool }) => pool,
    pathOf: path,
    gates: gatesOf.pool,
  });
  return [
    { id: 'pool', name: t('field.pool'), width: 'minmax(11.75rem, 1.6fr)', narrow: true, cell: (row) => row.pool },
    generation,
    site,
    status,
    homed,
    enabled,
    ready,
    {
      id: 'deployments',
      name: t('nav.deployments'),
      width: 'minmax(10.25rem, 1.2fr)',
      cell: ({ deployments }) => <SubjectLinks subjects={deployments.map((each) => `deployment:${each}`)} />,
    },
    gates,
  ];
}
