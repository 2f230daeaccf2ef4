import { useMemo } from 'react';
import type { Migration } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import { CountLink } from '../../ui/count-link.js';
import type { Column } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { SubjectLink } from '../../ui/subject-link.js';

const usual = ['source', 'target', 'state', 'next', 'rooms'];

export function Page() {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.migrations')} detail={t('migrations.detail')}>
        <CommandButton command="plan-migration">{t('command.PlanMigration')}</CommandButton>
      </PageHeader>
      <ShortList<Migration>
        path="/api/migrations"
        label={t('nav.migrations')}
        columns={columns}
        usual={usual}
        keyOf={({ migration }) => migration}
        to={({ migration }) => ({ to: `/migrations/${migration}` })}
        valuesOf={({ migration, source, target, state }) => ({ migration, source, target, state })}
        hints={{ state: t('migrations.state') }}
        say={(count) => t('migrations.total', { count })}
        empty={
          <EmptyState title={t('migrations.noneTitle')} detail={t('migrations.noneDetail')}>
            <CommandButton command="plan-migration" isPrimary>
              {t('command.PlanMigration')}
            </CommandButton>
          </EmptyState>
        }
      />
    </div>
  );
}

function columnsIn(t: Words): readonly Column<Migration>[] {
  return [
    {
      id: 'migration',
      name: t('field.migration'),
      width: 'minmax(10rem, 1fr)',
      narrow: true,
      cell: ({ migration }) => migration,
    },
    {
      id: 'source',
      name: t('field.source'),
      width: 'minmax(12rem, 1.4fr)',
      cell: ({ source }) => <SubjectLink subject={`deployment:${source}`} short />,
    },
    {
      id: 'target',
      name: t('field.target'),
      width: 'minmax(12rem, 1.4fr)',
      cell: ({ target }) => <SubjectLink subject={`deployment:${target}`} short />,
    },
    {
      id: 'state',
      name: t('migrations.state'),
      width: 'minmax(9rem, 1fr)',
      narrow: true,
      cell: ({ state }) => t.named('migrationState', state),
    },
    {
      id: 'next',
      name: t('migrations.next'),
      width: 'minmax(12rem, 1.2fr)',
      cell: ({ steps }) => {
        const next = steps.find(({ status }) => status === 'next');
        return next ? t.named('step', next.step) : '—';
      },
    },
    {
      id: 'rooms',
      name: t('migrations.carriedRooms'),
      width: 'minmax(11rem, 0.9fr)',
      isNumber: true,
      cell: ({ target, carriedOver }) => (
        <CountLink
          count={carriedOver.rooms}
          to="/content"
          search={{ deployment: target, columns: 'category,carriedOverFrom' }}
        />
      ),
    },
  ];
}
