import { useMemo } from 'react';
import type { Deployment } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import { CountLink } from '../../ui/count-link.js';
import type { Column } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { estateColumns } from '../../ui/estate-columns.js';
import { gatesOf } from '../../ui/open-gates.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { SubjectLink } from '../../ui/subject-link.js';

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
  const { generation, site, status, homed, enabled, ready, gates } = estateColumns<Deployment>(t, {
    poolOf: ({ homedOn }) => homedOn,
    pathOf: path,
    gates: gatesOf.deployment,
  });
  return [
    {
      id: 'deployment',
      name: t('field.deployment'),
      width: 'minmax(12rem, 1.6fr)',
      narrow: true,
      cell: (row) => row.deployment,
    },
    { id: 'name', name: t('field.name'), width: 'minmax(9rem, 1fr)', cell: ({ name }) => name ?? '—' },
    generation,
    {
      id: 'homedOn',
      name: t('field.homedOn'),
      width: 'minmax(11rem, 1.3fr)',
      cell: ({ homedOn }) => <SubjectLink subject={`pool:${homedOn}`} short />,
    },
    site,
    status,
    homed,
    enabled,
    ready,
    {
      id: 'rooms',
      name: t('counts.rooms'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      cell: ({ deployment, content }) => <CountLink count={content.rooms} to="/content" search={{ deployment }} />,
    },
    {
      id: 'clients',
      name: t('counts.clients'),
      width: 'minmax(5.5rem, 0.5fr)',
      isNumber: true,
      cell: (row) => (
        <CountLink
          count={Object.values(row.clients).reduce((sum, each) => sum + each, 0)}
          to={path(row)}
          search={{ tab: 'clients' }}
        />
      ),
    },
    gates,
  ];
}
