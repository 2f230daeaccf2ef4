import { useMemo } from 'react';
import type { Run } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { kindName } from '../../ui/command-name.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { useColumns } from '../../ui/columns.js';
import { CountLink } from '../../ui/count-link.js';
import { type Column, DataGrid } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { Waiting } from '../../ui/waiting.js';
import { RunBadge } from './run-badge.js';

const usual = ['kind', 'state', 'progress', 'done', 'unchanged', 'failed', 'by'];

export function Page() {
  const t = useWords();
  const list = usePages<Run>('/api/runs', {}, { pageSize: 100 });
  const columns = useMemo(() => columnsIn(t), [t]);
  const { shown, picker } = useColumns(columns, usual);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.runs')} detail={t('runs.detail')}>
        {picker}
      </PageHeader>
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.isLoading && <Waiting />}
      {list.total === 0 && (
        <EmptyState title={t('runs.noneTitle')} detail={t('runs.noneDetail')}>
          <PageLink to="/import">{t('empty.import')}</PageLink>
        </EmptyState>
      )}
      {list.total !== undefined && list.total > 0 && (
        <DataGrid
          label={t('nav.runs')}
          columns={shown}
          rows={list.rows}
          keyOf={({ run }) => run}
          total={list.total}
          to={({ run }) => ({ to: `/runs/${run}` })}
          more={list.more}
          foot={<ListFoot list={list} say={(count) => t('runs.total', { count })} />}
        />
      )}
    </div>
  );
}

function columnsIn(t: Words): readonly Column<Run>[] {
  return [
    {
      id: 'started',
      name: t('runs.started'),
      width: 'minmax(12rem, 1.2fr)',
      narrow: true,
      cell: ({ startedAt }) => t.time(startedAt),
    },
    { id: 'kind', name: t('runs.kind'), width: 'minmax(12rem, 1.4fr)', cell: ({ kind }) => kindName(t, kind) },
    {
      id: 'state',
      name: t('runs.state'),
      width: 'minmax(8rem, 0.8fr)',
      narrow: true,
      cell: (run) => <RunBadge run={run} />,
    },
    {
      id: 'progress',
      name: t('runs.progress'),
      width: 'minmax(10rem, 0.8fr)',
      isNumber: true,
      cell: ({ processed, total }) => (total === null ? t.count(processed) : t('runs.of', { processed, total })),
    },
    {
      id: 'done',
      name: t('outcome.done'),
      width: 'minmax(6rem, 0.6fr)',
      isNumber: true,
      cell: ({ run, counts }) => <CountLink count={counts.done} to={`/runs/${run}`} search={{ outcome: 'done' }} />,
    },
    {
      id: 'unchanged',
      name: t('outcome.unchanged'),
      width: 'minmax(7.75rem, 0.6fr)',
      isNumber: true,
      cell: ({ run, counts }) => (
        <CountLink count={counts.unchanged} to={`/runs/${run}`} search={{ outcome: 'unchanged' }} />
      ),
    },
    {
      id: 'failed',
      name: t('runs.failed'),
      width: 'minmax(7rem, 0.6fr)',
      isNumber: true,
      cell: ({ run, counts }) => <CountLink count={counts.refused + counts.invalid} to={`/runs/${run}`} />,
    },
    { id: 'by', name: t('runs.by'), width: 'minmax(8rem, 0.8fr)', cell: ({ by }) => by.name },
  ];
}
