import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Rows from `from` until before `to`. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export interface Viewport {
  readonly top: number;
  readonly height: number;
}

/** Drawn above and below what is in sight. */
const overscan = 6;
/** Drawn anew within one frame, so that a frame stays short however fast somebody scrolls: the next ones follow in the next frame. */
const freshMax = 8;

/** What should be drawn: the rows in sight and a few around them. */
export function wantedRows({ top, height }: Viewport, rowHeight: number, count: number): RowRange {
  const from = Math.min(count, Math.max(0, Math.floor(top / rowHeight) - overscan));
  return { from, to: Math.max(from, Math.min(count, Math.ceil((top + height) / rowHeight) + overscan)) };
}

/** The next step from what is drawn towards what should be, of few fresh rows; those below first, as a list is mostly read downwards. */
export function nextRows(drawn: RowRange, wanted: RowRange): RowRange {
  const from = Math.max(drawn.from, wanted.from);
  const to = Math.min(drawn.to, wanted.to);
  // Of other rows altogether: from the first one in sight.
  if (from >= to) {
    const first = Math.min(wanted.from + overscan, wanted.to);
    return { from: first, to: Math.min(wanted.to, first + freshMax) };
  }
  const below = Math.min(wanted.to - to, freshMax);
  const above = Math.min(from - wanted.from, freshMax - below);
  return { from: from - above, to: to + below };
}

interface RowWindow {
  readonly rows: RowRange;
  /** Brings a row into sight. */
  readonly show: (index: number) => void;
}

interface RowWindowOptions {
  /** What scrolls. */
  readonly body: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly rowHeight: number;
  /** Of what stays in place above the rows. */
  readonly headHeight: number;
  readonly firstTop: number;
  readonly scrolled: (top: number) => void;
}

/** The rows of one height that are drawn of a list, however long. */
export function useRowWindow(options: RowWindowOptions): RowWindow {
  const { body, rowHeight, headHeight } = options;
  const latest = useRef(options);
  latest.current = options;
  const [rows, setRows] = useState<RowRange>({ from: 0, to: 0 });
  const drawn = useRef(rows);
  const frame = useRef<number | undefined>(undefined);

  const draw = useCallback((all: boolean): void => {
    const element = latest.current.body.current;
    if (!element) return;
    const { rowHeight: each, headHeight: head, count } = latest.current;
    const viewport = { top: element.scrollTop, height: element.clientHeight - head };
    const wanted = wantedRows(viewport, each, count);
    const next = all ? wanted : nextRows(drawn.current, wanted);
    if (frame.current !== undefined) cancelAnimationFrame(frame.current);
    frame.current = isSame(next, wanted) ? undefined : requestAnimationFrame(() => draw(false));
    if (isSame(next, drawn.current)) return;
    drawn.current = next;
    setRows(next);
  }, []);

  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    element.scrollTop = latest.current.firstTop;
    // Within the frame that shows the new place, not after it.
    const onScroll = (): void => {
      latest.current.scrolled(element.scrollTop);
      flushSync(() => draw(false));
    };
    const resized = new ResizeObserver(() => draw(false));
    element.addEventListener('scroll', onScroll, { passive: true });
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      resized.disconnect();
      if (frame.current !== undefined) cancelAnimationFrame(frame.current);
    };
  }, [body, draw]);
  useLayoutEffect(() => draw(true), [draw]);
  useEffect(() => draw(false), [draw, options.count]);

  const show = useCallback(
    (index: number): void => {
      const element = body.current;
      if (!element) return;
      const top = index * rowHeight;
      const height = element.clientHeight - headHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowHeight > element.scrollTop + height) element.scrollTop = top + rowHeight - height;
    },
    [body, rowHeight, headHeight],
  );
  return { rows, show };
}

function isSame(a: RowRange, b: RowRange): boolean {
  return a.from === b.from && a.to === b.to;
}
