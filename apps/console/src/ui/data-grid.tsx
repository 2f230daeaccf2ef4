import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useWords } from '../i18n/i18n.js';
import { useAddress } from '../shell/address.js';
import { GridRow } from './grid-row.js';
import { useMediaQuery } from './media-query.js';
import { useRowWindow } from './row-window.js';
import type { PageAddress } from './subject.js';

export interface Column<T> {
  readonly id: string;
  readonly name: string;
  /** A width of CSS grid, such as `minmax(12rem, 2fr)`. */
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
  readonly isNumber?: boolean;
  /** A class of the cell, where it says more than its text. */
  readonly look?: (row: T) => string;
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
  readonly to?: (row: T) => PageAddress;
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
const headHeight = 36;
/** Where the reader of a list was, by its address, for when they come back. */
const placesMax = 50;
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
  const latest = useRef({ to, active, place });
  latest.current = { to, active, place };
  const note = useCallback((top: number): void => {
    const { place: at, active: row } = latest.current;
    places.delete(at);
    places.set(at, { top, active: row });
    if (places.size > placesMax) places.delete(places.keys().next().value ?? '');
  }, []);
  const { rows: drawn, show } = useRowWindow({
    body,
    count: rows.length,
    rowHeight,
    headHeight,
    firstTop: places.get(place)?.top ?? 0,
    scrolled: note,
  });
  useEffect(() => {
    if (more && drawn.to >= rows.length - 100) more();
  }, [more, drawn.to, rows.length]);
  useEffect(() => note(body.current?.scrollTop ?? 0), [note, place, active]);

  const current = Math.min(active, rows.length - 1);
  const open = useCallback(
    (row: T): void => {
      const target = latest.current.to?.(row);
      if (target) go(target.to, target.search);
    },
    [go],
  );
  const move = (index: number): void => {
    const bounded = Math.max(0, Math.min(rows.length - 1, index));
    setActive(bounded);
    show(bounded);
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
  const template = `${selection ? '36px ' : ''}${shown.map(({ width }, at) => (isNarrow ? narrowWidth(width, at) : width)).join(' ')}`;
  return (
    <div className="grid-frame">
      <div
        ref={body}
        className="grid"
        style={{ '--columns': template, '--least-width': minWidth } as CSSProperties}
        role="grid"
        aria-label={label}
        aria-rowcount={(total ?? rows.length) + 1}
        aria-multiselectable={selection !== undefined}
        tabIndex={0}
        {...(rows.length > 0 && { 'aria-activedescendant': `${id}-${current}` })}
        onKeyDown={onKey}
      >
        <div role="row" aria-rowindex={1} className="grid-head">
          {selection && <span role="columnheader" aria-label={t('grid.selected')} />}
          {shown.map(({ id: column, name, isNumber }) => (
            <span key={column} role="columnheader" className={isNumber ? 'number' : ''} title={name}>
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="grid-body" style={{ height: rows.length * rowHeight }}>
          {rows.slice(drawn.from, drawn.to).map((row, offset) => {
            const index = drawn.from + offset;
            const key = keyOf(row);
            return (
              <GridRow
                key={key}
                id={`${id}-${index}`}
                row={row}
                index={index}
                rowKey={key}
                top={index * rowHeight}
                columns={shown}
                to={to}
                asOf={address.search['asOf']}
                isActive={index === current}
                isSelected={selection?.selected.has(key) ?? false}
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

/** A fixed width stays; the others share what a narrow screen has, the first one more of it. */
function narrowWidth(width: string, at: number): string {
  return width.startsWith('minmax') ? `minmax(0, ${at === 0 ? 1.5 : 1}fr)` : width;
}
