import { Tab, TabList } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { RunCounts } from '../api/types.js';
import { usePages } from '../api/views.js';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { type Column, DataGrid } from './data-grid.js';
import { Failure } from './failure.js';
import { ListFoot } from './list-foot.js';

interface OutcomeRowsProps<T> {
  /** Of the run or the plan. */
  readonly path: string;
  readonly counts: RunCounts;
  /** In the order in which they want somebody. */
  readonly outcomes: readonly (keyof RunCounts)[];
  /** What became of a row, or what would. */
  readonly said: (outcome: keyof RunCounts) => string;
  readonly columnsOf: (outcome: keyof RunCounts) => readonly Column<T>[];
  /** Stands above the rows of an outcome. */
  readonly about?: (outcome: keyof RunCounts) => ReactNode;
  readonly keyOf: (row: T) => string;
}

/** The rows of a run or a plan, outcome by outcome. */
export function OutcomeRows<T>({ path, counts, outcomes, said, columnsOf, about, keyOf }: OutcomeRowsProps<T>) {
  const t = useWords();
  const { search, change } = useAddress();
  const outcome =
    outcomes.find((each) => each === search['outcome']) ?? outcomes.find((each) => counts[each] > 0) ?? 'done';
  const list = usePages<T>(`${path}/rows`, { outcome, rule: search['rule'] }, { pageSize: 500 });
  return (
    <>
      <TabList
        selectedValue={outcome}
        onTabSelect={(_, { value }) => change({ outcome: String(value), rule: undefined }, { replace: true })}
      >
        {outcomes.map((each) => (
          <Tab key={each} value={each}>
            {said(each)} {t.count(counts[each])}
          </Tab>
        ))}
      </TabList>
      {about?.(outcome)}
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.total === 0 && <p className="hint">{t('runs.noRows')}</p>}
      {list.total !== undefined && list.total > 0 && (
        <DataGrid
          label={t('runs.rows')}
          columns={columnsOf(outcome)}
          rows={list.rows}
          keyOf={keyOf}
          total={list.total}
          more={list.more}
          foot={<ListFoot list={list} say={(count) => t('runs.rowsTotal', { count })} />}
        />
      )}
    </>
  );
}
