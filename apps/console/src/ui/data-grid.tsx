import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useWords } from '../i18n/i18n.js';
import { type Search, useAddress, writeSearch } from '../shell/address.js';
import { GridRow } from './grid-row.js';
import { useMediaQuery } from './media-query.js';

export interface Column<T> {
  readonly id: string;
  readonly name: string;
  /** A width of CSS grid, such as `minmax(12rem, 2fr)`. */
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
  readonly isNumber?: boolean;
  /** Shown on a narrow screen too. */
  readonly narrow?: boolean;
}

interface DataGridProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly total?: number | undefined;
  /** The page that a row leads to. */
  readonly to?: (row: T) => { readonly to: string; readonly search?: Search };
  readonly more?: () => void;
  readonly selection?: Selection;
  /** Stands below the last row. */
  readonly foot?: ReactNode;
}

export interface Selection {
  readonly selected: ReadonlySet<string>;
  /** Rows keep the function that they were drawn with: it must not rest on what was selected then. */
  readonly toggle: (key: string) => void;
  readonly label: (key: string) => string;
}

const rowHeight = 40;
/** Where the reader of a list was, by its address, for when they come back. */
const places = new Map<string, { readonly top: number; readonly active: number }>();

/** Rows of a list, only those in sight drawn. One stop of the Tab key; arrows move, Enter opens, Space selects. */
export function DataGrid<T>({ label, columns, rows, keyOf, total, to, more, selection, foot }: DataGridProps<T>) {
  const t = useWords();
  const id = useId();
  const address = useAddress();
  const { go } = address;
  const body = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const shown = useMemo(
    () => (isNarrow && columns.some(({ narrow }) => narrow) ? columns.filter(({ narrow }) => narrow) : columns),
    [isNarrow, columns],
  );
  const place = `${location.pathname}${location.search}`;
  const [active, setActive] = useState(() => places.get(place)?.active ?? 0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => body.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    initialOffset: places.get(place)?.top ?? 0,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && lastShown >= rows.length - 100) more();
  }, [more, lastShown, rows.length]);
  useEffect(() => {
    places.set(place, { top: virtual.scrollOffset ?? 0, active });
    if (places.size > 50) places.delete(places.keys().next().value ?? '');
  }, [place, virtual.scrollOffset, active]);

  const current = Math.min(active, rows.length - 1);
  const latest = useRef(to);
  latest.current = to;
  const open = useCallback(
    (row: T): void => {
      const target = latest.current?.(row);
      if (target) go(target.to, target.search);
    },
    [go],
  );
  const move = (index: number): void => {
    const bounded = Math.max(0, Math.min(rows.length - 1, index));
    setActive(bounded);
    virtual.scrollToIndex(bounded);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 0) / rowHeight) - 1);
    const row = rows[current];
    const act = {
      ArrowDown: () => move(current + 1),
      ArrowUp: () => move(current - 1),
      PageDown: () => move(current + page),
      PageUp: () => move(current - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => row !== undefined && open(row),
      ' ': () => row !== undefined && selection?.toggle(keyOf(row)),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  // Each row is a grid of its own: the same least width keeps their columns in line.
  const leastRem = shown.reduce(
    (sum, { width }) => sum + Number(/([\d.]+)rem/.exec(width)?.[1] ?? 0),
    selection ? 4 : 1,
  );
  const minWidth = isNarrow ? '100%' : `${leastRem}rem`;
  const template = `${selection ? '36px ' : ''}${shown.map(({ width }) => (isNarrow ? 'minmax(0, 1fr)' : width)).join(' ')}`;
  return (
    <div className="grid-frame">
      <div
        ref={body}
        className="grid"
        role="grid"
        aria-label={label}
        aria-rowcount={(total ?? rows.length) + 1}
        aria-multiselectable={selection !== undefined}
        tabIndex={0}
        {...(rows.length > 0 && { 'aria-activedescendant': `${id}-${current}` })}
        onKeyDown={onKey}
      >
        <div role="row" aria-rowindex={1} className="grid-head" style={{ gridTemplateColumns: template, minWidth }}>
          {selection && <span role="columnheader" aria-label={t('grid.selected')} />}
          {shown.map(({ id: column, name, isNumber }) => (
            <span key={column} role="columnheader" className={isNumber ? 'number' : ''} title={name}>
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const rowKey = keyOf(row);
            return (
              <GridRow
                key={key}
                id={`${id}-${index}`}
                row={row}
                index={index}
                rowKey={rowKey}
                top={start}
                height={rowHeight}
                template={template}
                minWidth={minWidth}
                columns={shown}
                href={to && hrefOf(to(row), address.search['asOf'])}
                isActive={index === current}
                isSelected={selection?.selected.has(rowKey) ?? false}
                selection={selection}
                activate={setActive}
                open={open}
              />
            );
          })}
        </div>
      </div>
      {foot}
    </div>
  );
}

function hrefOf({ to, search }: { readonly to: string; readonly search?: Search }, asOf: string | undefined): string {
  return `${to}${writeSearch({ asOf, ...search })}`;
}
