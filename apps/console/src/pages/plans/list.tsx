import { Badge } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { Plan } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { kindName } from '../../ui/command-name.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { CountLink } from '../../ui/count-link.js';
import { type Column, DataGrid } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { valueText } from '../../ui/value-text.js';
import { Waiting } from '../../ui/waiting.js';

export function Page() {
  const t = useWords();
  const list = usePages<Plan>('/api/plans', {}, { pageSize: 100 });
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.plans')} detail={t('plans.detail')} />
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.isLoading && <Waiting />}
      {list.total === 0 && (
        <EmptyState title={t('plans.noneTitle')} detail={t('plans.noneDetail')}>
          <PageLink to="/users">{t('nav.users')}</PageLink>
        </EmptyState>
      )}
      {list.total !== undefined && list.total > 0 && (
        <DataGrid
          label={t('nav.plans')}
          columns={columns}
          rows={list.rows}
          keyOf={({ plan }) => plan}
          total={list.total}
          to={({ plan }) => ({ to: `/plans/${plan}` })}
          more={list.more}
          foot={<ListFoot list={list} say={(count) => t('plans.total', { count })} />}
        />
      )}
    </div>
  );
}

/** What tells it from other plans of the same command: what is asked, and of whom. */
function aboutOf({ fields, for: found, file }: Plan): string {
  const asked = Object.values(fields ?? {}).map(valueText);
  const filters = Object.entries(found?.users ?? {}).map(([name, value]) => `${name}:${value}`);
  return [...asked, filters.join(' ') || (file?.name ?? '')].filter(Boolean).join(' ← ') || '—';
}

function columnsIn(t: Words): readonly Column<Plan>[] {
  return [
    {
      id: 'made',
      name: t('plans.made'),
      width: 'minmax(12rem, 1fr)',
      narrow: true,
      cell: ({ madeAt }) => t.time(madeAt),
    },
    {
      id: 'what',
      name: t('command'),
      width: 'minmax(12rem, 1.4fr)',
      narrow: true,
      cell: ({ kind }) => kindName(t, kind),
    },
    { id: 'about', name: t('plans.about'), width: 'minmax(15rem, 2.6fr)', cell: aboutOf },
    {
      id: 'state',
      name: t('field.status'),
      width: 'minmax(8rem, 0.8fr)',
      cell: ({ state }) => <Badge appearance="tint">{t(`planState.${state}`)}</Badge>,
    },
    {
      id: 'done',
      name: t('plans.change'),
      width: 'minmax(6rem, 0.6fr)',
      isNumber: true,
      cell: ({ plan, counts }) => <CountLink count={counts.done} to={`/plans/${plan}`} search={{ outcome: 'done' }} />,
    },
    {
      id: 'refused',
      name: t('plans.fail'),
      width: 'minmax(6.75rem, 0.6fr)',
      isNumber: true,
      cell: ({ plan, counts }) => (
        <CountLink
          count={counts.refused + counts.invalid}
          to={`/plans/${plan}`}
          search={{ outcome: counts.refused > 0 ? 'refused' : 'invalid' }}
        />
      ),
    },
    { id: 'by', name: t('runs.by'), width: 'minmax(9rem, 1fr)', cell: ({ by }) => by.name },
  ];
}
