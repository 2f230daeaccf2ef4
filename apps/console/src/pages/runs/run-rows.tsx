import { Tab, TabList } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { Run, RunRow } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { OutcomeBadge } from '../../ui/badges.js';
import { type Column, DataGrid } from '../../ui/data-grid.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { refusalText } from '../../ui/refusal-text.js';

const outcomes = ['refused', 'invalid', 'done', 'unchanged'] as const;
type Shown = (typeof outcomes)[number];

/** What became of the rows, those that want somebody first. */
export function RunRows({ run: { run, counts } }: { readonly run: Run }) {
  const t = useWords();
  const { search, change } = useAddress();
  const outcome: Shown =
    outcomes.find((each) => each === search['outcome']) ?? outcomes.find((each) => counts[each] > 0) ?? 'done';
  const list = usePages<RunRow>(`/api/runs/${run}/rows`, { outcome }, { pageSize: 500 });
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <>
      <TabList
        selectedValue={outcome}
        onTabSelect={(_, { value }) => change({ outcome: String(value) }, { replace: true })}
      >
        {outcomes.map((each) => (
          <Tab key={each} value={each}>
            {t(`outcome.${each}`)} {t.count(counts[each])}
          </Tab>
        ))}
      </TabList>
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.total === 0 && <p className="hint">{t('runs.noRows')}</p>}
      {list.total !== undefined && list.total > 0 && (
        <DataGrid
          label={t('runs.rows')}
          columns={columns}
          rows={list.rows}
          keyOf={({ line }) => String(line)}
          total={list.total}
          more={list.more}
          foot={<ListFoot list={list} say={(count) => t('runs.rowsTotal', { count })} />}
        />
      )}
    </>
  );
}

function columnsIn(t: Words): readonly Column<RunRow>[] {
  return [
    {
      id: 'line',
      name: t('runs.line'),
      width: '5rem',
      isNumber: true,
      narrow: true,
      cell: ({ line }) => t.count(line),
    },
    {
      id: 'outcome',
      name: t('runs.outcome'),
      width: '9rem',
      cell: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
    },
    { id: 'column', name: t('runs.column'), width: 'minmax(7rem, 0.6fr)', cell: ({ column }) => column ?? '—' },
    {
      id: 'value',
      name: t('runs.value'),
      width: 'minmax(8rem, 0.8fr)',
      narrow: true,
      cell: ({ value }) => value ?? '—',
    },
    {
      id: 'message',
      name: t('runs.message'),
      width: 'minmax(16rem, 3fr)',
      narrow: true,
      cell: ({ message, refusals }) => {
        const text = refusals.length > 0 ? refusalText(t, refusals) : (message ?? '—');
        return <span title={text}>{text}</span>;
      },
    },
  ];
}
