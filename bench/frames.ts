import type { Page } from 'playwright-core';

/** What the browser's trace tells of the frames of a page. */
export interface Frames {
  readonly count: number;
  /** Between two frames, by the clock. */
  readonly overLimit: number;
  readonly longestMs: number;
  /** The most that the page's thread worked without a break: what else the machine does counts for nothing here. */
  readonly longestWorkMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, all three. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];

/** Traces the page while something is done with it. */
export async function framesOf(page: Page, limitMs: number, act: () => Promise<void>): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories },
  });
  // So that there is a frame at each turn of the display, whether or not something has changed.
  await page.evaluate('(function again() { requestAnimationFrame(again); })()');
  await act();
  const complete = new Promise((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const own = ofThePage(events);
  const starts = own.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
  const sorted = starts.toSorted((a, b) => a - b);
  const gaps = sorted.slice(1).map((ts, index) => (ts - (sorted[index] ?? ts)) / 1000);
  const work = own.filter(({ name, ph }) => name === 'RunTask' && ph === 'X').map(({ tdur = 0 }) => tdur / 1000);
  return {
    count: gaps.length,
    overLimit: gaps.filter((each) => each > limitMs).length,
    longestMs: Math.max(...gaps),
    longestWorkMs: work.reduce((longest, each) => Math.max(longest, each), 0),
  };
}

/** The events of the thread that draws the page: the one with the most frames. */
function ofThePage(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const frames = Map.groupBy(
    events.filter(({ name }) => name === 'FireAnimationFrame'),
    threadOf,
  );
  const [main] = Array.from(frames).toSorted(([, a], [, b]) => b.length - a.length);
  if (!main) throw new Error('the trace tells of no frame');
  return events.filter((each) => threadOf(each) === main[0]);
}
