import { memo, type MouseEvent } from 'react';
import { writeSearch } from '../shell/address.js';
import type { Column, Selection } from './data-grid.js';
import { AreTabStops, isForBrowser } from './page-link.js';
import type { PageAddress } from './subject.js';

interface GridRowProps<T> {
  readonly id: string;
  readonly row: T;
  readonly index: number;
  readonly rowKey: string;
  /** Pixels from the first row. */
  readonly top: number;
  readonly columns: readonly Column<T>[];
  /** The page that the row leads to. */
  readonly to: ((row: T) => PageAddress) | undefined;
  readonly asOf: string | undefined;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly selection: Pick<Selection, 'toggle' | 'label'> | undefined;
  readonly activate: (index: number) => void;
  readonly open: (row: T) => void;
}

/** One row; drawn anew only when something of it has changed, and without any component that costs more than its text. */
function Row<T>(props: GridRowProps<T>) {
  const { id, row, index, rowKey, top, columns, to, asOf, isActive, isSelected, selection } = props;
  const address = to?.(row);
  const href = address && `${address.to}${writeSearch({ asOf, ...address.search })}`;
  const onClick = (event: MouseEvent): void => {
    props.activate(index);
    const target = event.target as HTMLElement;
    const own = target.closest('a[data-row]') !== null;
    if (href === undefined || isForBrowser(event)) return;
    if (!own && (target.closest('a, button, input, label') || getSelection()?.isCollapsed === false)) return;
    event.preventDefault();
    props.open(row);
  };
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      {...(selection && { 'aria-selected': isSelected })}
      className={`grid-row${isActive ? ' active' : ''}${href === undefined ? '' : ' leads'}`}
      style={{ top }}
      onClick={onClick}
      onMouseOver={tellWhole}
    >
      {selection && (
        <span role="gridcell">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={selection.label(rowKey)}
            checked={isSelected}
            onChange={() => selection.toggle(rowKey)}
          />
        </span>
      )}
      <AreTabStops value={isActive}>
        {columns.map(({ id: column, cell, isNumber, look }, position) => (
          <span key={column} role="gridcell" className={isNumber ? 'number' : look?.(row)}>
            {position === 0 && href !== undefined ? (
              <a className="link" data-row href={href} tabIndex={-1}>
                {cell(row)}
              </a>
            ) : (
              cell(row)
            )}
          </span>
        ))}
      </AreTabStops>
    </div>
  );
}

/** What a cell has no room for is its tooltip. */
function tellWhole({ target }: MouseEvent): void {
  const cell = (target as HTMLElement).closest<HTMLElement>('[role=gridcell]');
  if (!cell || cell.querySelector('[title]')) return;
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
  else cell.removeAttribute('title');
}

export const GridRow = memo(Row, (before, after) =>
  (Object.keys(after) as (keyof GridRowProps<unknown>)[]).every(
    (name) => name === 'selection' || before[name] === after[name],
  ),
) as typeof Row;
