import { useMemo } from 'react';
import { useAll } from '../api/views.js';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { useColumns } from './columns.js';
import { type Column, DataGrid } from './data-grid.js';
import { EmptyState } from './empty-state.js';
import { Failure } from './failure.js';
import { AsOf } from './page-header.js';
import { ListTools } from './list-tools.js';
import { matches } from './matches.js';
import { readQualifiers } from './qualifiers.js';
import type { Qualifier } from './search-box.js';
import type { PageAddress } from './subject.js';
import { Waiting } from './waiting.js';

interface ShortListProps<T> {
  readonly path: string;
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly usual: readonly string[];
  readonly keyOf: (row: T) => string;
  readonly to?: (row: T) => PageAddress;
  /** By which a row is found; free words are looked for in all of them. */
  readonly valuesOf: (row: T) => Readonly<Record<string, string | null>>;
  readonly hints: Readonly<Record<string, string>>;
  readonly say: (count: number) => string;
  readonly empty: React.ReactNode;
}

/** A list that one answer holds whole (some hundred rows): filtered where it is shown, without asking again. */
export function ShortList<T>(props: ShortListProps<T>) {
  const { path, label, columns, usual, keyOf, to, valuesOf, hints, say, empty } = props;
  const t = useWords();
  const { search } = useAddress();
  const find = search['find'] ?? '';
  const { data, error, refetch } = useAll<T>(path);
  const { shown, picker } = useColumns(columns, usual);
  const rows = data?.body.items;
  const names = Object.keys(hints);
  const found = useMemo(() => {
    const terms = readQualifiers(find, names);
    return rows?.filter((row) => matches(valuesOf(row), terms));
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [rows, find]);
  const qualifiers = names.map((name): Qualifier => {
    const values = new Set(rows?.map((row) => valuesOf(row)[name]).filter((value) => typeof value === 'string'));
    return { name, hint: hints[name] ?? '', values: [...values], negatable: true };
  });
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (!rows || !found) return <Waiting />;
  if (rows.length === 0) return empty;
  return (
    <>
      <ListTools label={label} qualifiers={qualifiers} picker={picker} />
      {found.length === 0 ? (
        <EmptyState title={t('list.nothingTitle')} detail={t('list.nothingDetail', { find })} />
      ) : (
        <DataGrid
          label={label}
          columns={shown}
          rows={found}
          keyOf={keyOf}
          {...(to && { to })}
          foot={
            <div className="list-foot" role="status">
              <span>
                {say(found.length)}
                {found.length < data.body.total && ` · ${t('list.of', { count: data.body.total })}`}
              </span>
              {data.position && <AsOf position={data.position} />}
            </div>
          }
        />
      )}
    </>
  );
}
