import { useMemo } from 'react';
import type { Run, RunRow } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { OutcomeBadge } from '../../ui/badges.js';
import type { Column } from '../../ui/data-grid.js';
import { OutcomeRows } from '../../ui/outcome-rows.js';
import { refusalText } from '../../ui/refusal-text.js';
import { DoneSubjects } from './done-subjects.js';

const outcomes = ['refused', 'invalid', 'done', 'unchanged'] as const;

/** What became of the rows, those that want somebody first. */
export function RunRows({ run: whole }: { readonly run: Run }) {
  const t = useWords();
  const { run, counts } = whole;
  const columns = useMemo(() => columnsIn(t), [t]);
  // Of what went right there is no column, no value and nothing wrong to tell.
  const short = useMemo(() => columns.filter(({ id }) => id === 'line' || id === 'outcome'), [columns]);
  return (
    <OutcomeRows<RunRow>
      path={`/api/runs/${run}`}
      counts={counts}
      outcomes={outcomes}
      said={(outcome) => t(`outcome.${outcome}`)}
      columnsOf={(outcome) => (outcome === 'refused' || outcome === 'invalid' ? columns : short)}
      about={(outcome) => outcome === 'done' && counts.done > 0 && <DoneSubjects run={whole} />}
      keyOf={({ line }) => String(line)}
    />
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
      width: 'minmax(9rem, 0.4fr)',
      cell: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
    },
    { id: 'column', name: t('runs.column'), width: 'minmax(10rem, 0.6fr)', cell: ({ column }) => column ?? '—' },
    {
      id: 'value',
      name: t('runs.value'),
      width: 'minmax(8rem, 1.2fr)',
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
