import { useMemo } from 'react';
import type { Deployment } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { GenerationName, StatusBadge } from '../../ui/badges.js';
import { CommandButton } from '../../ui/command-button.js';
import type { Column } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { gatesOf, openGates } from '../gates/gate-counts.js';

const usual = ['generation', 'homedOn', 'status', 'homed', 'ready', 'rooms', 'clients', 'gates'];
const path = ({ deployment }: Deployment): string => `/deployments/${encodeURIComponent(deployment)}`;

export function Page() {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.deployments')} detail={t('deployments.detail')}>
        <CommandButton command="register-deployment">{t('command.RegisterDeployment')}</CommandButton>
      </PageHeader>
      <ShortList<Deployment>
        path="/api/deployments"
        label={t('nav.deployments')}
        columns={columns}
        usual={usual}
        keyOf={({ deployment }) => deployment}
        to={(row) => ({ to: path(row) })}
        valuesOf={({ deployment, name, generation, status, site, homedOn }) => ({
          deployment,
          name,
          generation,
          status,
          site,
          pool: homedOn,
        })}
        hints={{
          generation: t('filter.generation'),
          status: t('filter.status'),
          site: t('filter.site'),
          pool: t('filter.homedOn'),
        }}
        say={(count) => t('deployments.total', { count })}
        empty={
          <EmptyState title={t('deployments.noneTitle')} detail={t('deployments.noneDetail')}>
            <CommandButton command="register-deployment" isPrimary>
              {t('command.RegisterDeployment')}
            </CommandButton>
          </EmptyState>
        }
      />
    </div>
  );
}

function columnsIn(t: Words): readonly Column<Deployment>[] {
  return [
    {
      id: 'deployment',
      name: t('field.deployment'),
      width: 'minmax(12rem, 1.6fr)',
      narrow: true,
      cell: (row) => row.deployment,
    },
    { id: 'name', name: t('field.name'), width: 'minmax(9rem, 1fr)', cell: ({ name }) => name ?? '—' },
    {
      id: 'generation',
      name: t('field.generation'),
      width: 'minmax(7rem, 0.9fr)',
      cell: ({ generation }) => <GenerationName generation={generation} />,
    },
    { id: 'homedOn', name: t('field.homedOn'), width: 'minmax(11rem, 1.3fr)', cell: ({ homedOn }) => homedOn },
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
      id: 'rooms',
      name: t('counts.rooms'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      cell: ({ content }) => t.count(content.rooms),
    },
    {
      id: 'clients',
      name: t('counts.clients'),
      width: 'minmax(5.5rem, 0.5fr)',
      isNumber: true,
      cell: ({ clients }) => t.count(Object.values(clients).reduce((sum, each) => sum + each, 0)),
    },
    {
      id: 'gates',
      name: t('counts.gates'),
      width: 'minmax(6rem, 0.6fr)',
      cell: (row) => openGates(t, row, gatesOf.deployment),
    },
  ];
}
