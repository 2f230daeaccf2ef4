import { useMemo } from 'react';
import type { Plan, PlanRow } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { changedText, fieldText } from '../../ui/change-words.js';
import type { Column } from '../../ui/data-grid.js';
import { OutcomeRows } from '../../ui/outcome-rows.js';
import { refusalText } from '../../ui/refusal-text.js';
import { SubjectLink } from '../../ui/subject-link.js';

const outcomes = ['done', 'unchanged', 'refused', 'invalid'] as const;

/** The effect of each row. */
export function PlanRows({ plan: { plan, counts } }: { readonly plan: Plan }) {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <OutcomeRows<PlanRow>
      path={`/api/plans/${plan}`}
      counts={counts}
      outcomes={outcomes}
      said={(outcome) => t(`planOutcome.${outcome}`)}
      columnsOf={() => columns}
      keyOf={({ row }) => String(row)}
    />
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
                    `${fieldText(t, field)}: ${changedText(t, field, before)} → ${changedText(t, field, after)}`,
                )
                .join(' · '));
        return <span title={text}>{text || '—'}</span>;
      },
    },
  ];
}
