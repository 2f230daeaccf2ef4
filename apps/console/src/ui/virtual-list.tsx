import { useVirtualizer } from '@tanstack/react-virtual';
import { type HTMLAttributes, type ReactNode, useEffect, useRef } from 'react';
import type { PagedView } from '../api/views.js';

interface VirtualListProps<T> {
  readonly list: PagedView<T>;
  readonly label: string;
  /** Until an entry is there and can be measured. */
  readonly estimatedPx: number;
  readonly keyOf: (row: T) => string;
  readonly frame: Pick<HTMLAttributes<HTMLDivElement>, 'tabIndex' | 'role' | 'onKeyDown'>;
  readonly foot: ReactNode;
  readonly children: (row: T) => ReactNode;
}

/** Read on when so many are left below what is in sight. */
const aheadRows = 30;

/** Entries of any height, only those in sight drawn. */
export function VirtualList<T>({ list, label, estimatedPx, keyOf, frame, foot, children }: VirtualListProps<T>) {
  const body = useRef<HTMLDivElement>(null);
  const { rows, more } = list;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => body.current,
    estimateSize: () => estimatedPx,
    overscan: 8,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - aheadRows) more();
    // Only where the reader has come further: `more` is a new function each time.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [lastShown, rows.length]);
  return (
    <div className="grid-frame">
      <div ref={body} className="timeline" aria-label={frame.role === undefined ? undefined : label} {...frame}>
        <ol aria-label={label} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {children(row)}
                </li>
              )
            );
          })}
        </ol>
      </div>
      {foot}
    </div>
  );
}
