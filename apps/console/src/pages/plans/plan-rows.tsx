import { Tab, TabList } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { Plan, PlanRow } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { type Column, DataGrid } from '../../ui/data-grid.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { refusalText } from '../../ui/refusal-text.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { valueText } from '../../ui/value-text.js';

const outcomes = ['done', 'unchanged', 'refused', 'invalid'] as const;

/** The effect of each row. */
export function PlanRows({ plan: { plan, counts } }: { readonly plan: Plan }) {
  const t = useWords();
  const { search, change } = useAddress();
  const outcome =
    outcomes.find((each) => each === search['outcome']) ?? outcomes.find((each) => counts[each] > 0) ?? 'done';
  const list = usePages<PlanRow>(`/api/plans/${plan}/rows`, { outcome, rule: search['rule'] }, { pageSize: 500 });
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <>
      <TabList
        selectedValue={outcome}
        onTabSelect={(_, { value }) => change({ outcome: String(value), rule: undefined }, { replace: true })}
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
          keyOf={({ row }) => String(row)}
          total={list.total}
          more={list.more}
          foot={<ListFoot list={list} say={(count) => t('runs.rowsTotal', { count })} />}
        />
      )}
    </>
  );
}

function columnsIn(t: Words): readonly Column<PlanRow>[] {
  return [
    { id: 'row', name: t('runs.line'), width: '5rem', isNumber: true, cell: ({ row, line }) => t.count(line ?? row) },
    {
      id: 'subject',
      name: t('timeline.subjects'),
      width: 'minmax(14rem, 1.2fr)',
      narrow: true,
      cell: ({ subject }) => (subject === null ? '—' : <SubjectLink subject={subject} short />),
    },
    {
      id: 'effect',
      name: t('plan.effect'),
      width: 'minmax(18rem, 3fr)',
      narrow: true,
      cell: ({ changes, refusals, message }) => {
        const text =
          refusals.length > 0
            ? refusalText(t, refusals)
            : (message ??
              changes
                .map(
                  ({ field, before, after }) =>
                    `${t.named('field', field)}: ${valueText(before)} → ${valueText(after)}`,
                )
                .join(' · '));
        return <span title={text}>{text || '—'}</span>;
      },
    },
  ];
}
