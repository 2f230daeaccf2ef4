import { useMemo } from 'react';
import type { Pool } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { GenerationName, StatusBadge } from '../../ui/badges.js';
import { CommandButton } from '../../ui/command-button.js';
import type { Column } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { gatesOf, openGates } from '../gates/gate-counts.js';

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
  return [
    {
      id: 'pool',
      name: t('field.pool'),
      width: 'minmax(12rem, 1.6fr)',
      narrow: true,
      cell: (row) => row.pool,
    },
    {
      id: 'generation',
      name: t('field.generation'),
      width: 'minmax(7rem, 0.9fr)',
      cell: ({ generation }) => <GenerationName generation={generation} />,
    },
    { id: 'site', name: t('field.site'), width: 'minmax(8rem, 1fr)', cell: ({ site }) => site },
    {
      id: 'status',
      name: t('field.status'),
      width: 'minmax(8.5rem, 0.8fr)',
      narrow: true,
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    {
      id: 'homed',
      name: t('counts.homed'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      cell: ({ users }) => t.count(users.homed),
    },
    {
      id: 'enabled',
      name: t('counts.enabled'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      cell: ({ users }) => t.count(users.enabled),
    },
    {
      id: 'ready',
      name: t('counts.ready'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      cell: ({ users }) => t.count(users.ready),
    },
    {
      id: 'deployments',
      name: t('nav.deployments'),
      width: 'minmax(10rem, 1.2fr)',
      cell: ({ deployments }) => deployments.join(', ') || '—',
    },
    {
      id: 'gates',
      name: t('counts.gates'),
      width: 'minmax(6rem, 0.6fr)',
      cell: (row) => openGates(t, row, gatesOf.pool),
    },
  ];
}
