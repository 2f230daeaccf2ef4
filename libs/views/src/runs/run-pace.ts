import type { StoredRun } from './runs-at.js';

/** Its rate, and how long the rest will take: as an expectation and as a range. */
export interface RunPace {
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly etaSecondsMin: number | null;
  readonly etaSecondsMax: number | null;
}

/** What tells the rate of now, and what else is looked at for the range: its last seconds, besides all since it began to move. */
const recentSeconds = 60;
const lastSeconds = 15;
/** What comes next is never known better than this: the range is at least so wide on either side. */
const spreadMin = 1.25;
/** A batch takes less, unless something is wrong. */
const stuckSecondsMin = 15;

export function processedBy({ done, unchanged, refused, invalid }: StoredRun): number {
  return done + unchanged + refused + invalid;
}

/**
 * While a run moves: the rate of its last minute up to `now`, so that one that hangs becomes slow. Otherwise that of all the time in which
 * it moved.
 * @param processedAt how many rows were decided at an instant; undefined where the run had not begun
 */
export function paceOf(run: StoredRun, now: string, processedAt: (instant: string) => number | undefined): RunPace {
  const { state, moving_since: since, moved_rows: rows, moved_ms: ms } = run;
  const left = state === 'done' ? 0 : null;
  const still = { etaSeconds: left, etaSecondsMin: left, etaSecondsMax: left };
  if (state !== 'running' || since === null)
    return { ratePerSecond: rows > 0 && ms > 0 ? rounded((rows / ms) * 1000) : null, ...still };
  const rateOver = (seconds: number): number | null => {
    const from = Math.max(Date.parse(since), Date.parse(now) - seconds * 1000);
    const took = (Date.parse(now) - from) / 1000;
    const before = from === Date.parse(since) ? run.moved_from : processedAt(new Date(from).toISOString());
    const decided = processedBy(run) - (before ?? run.moved_from);
    return took > 0 ? decided / took : null;
  };
  const [rate, ...others] = [rateOver(recentSeconds), rateOver(lastSeconds), rateOver(Infinity)];
  if (rate == null || processedBy(run) === run.moved_from) return { ratePerSecond: null, ...still };
  const rates = [rate, ...others.filter((each) => each !== null)];
  return {
    ratePerSecond: rounded(rate),
    etaSeconds: secondsFor(run, rate),
    etaSecondsMin: secondsFor(run, Math.max(...rates) * spreadMin),
    etaSecondsMax: secondsFor(run, Math.min(...rates) / spreadMin),
  };
}

/** Since when a run that should move has not, or could not. Events tell of a cause only where the run was paused for it. */
export function stuckSince(
  { state, advanced_at: since, paused_because: because }: StoredRun,
  now: string,
): { readonly since: string; readonly because: string | null } | null {
  if (because !== null) return { since, because };
  const isStuck = state === 'running' && Date.parse(now) - Date.parse(since) >= stuckSecondsMin * 1000;
  return isStuck ? { since, because: null } : null;
}

/** Null where it would never end. */
function secondsFor(run: StoredRun, rate: number): number | null {
  return rate > 0 ? Math.ceil((run.total - processedBy(run)) / rate) : null;
}

function rounded(rate: number): number {
  return Math.round(rate * 10) / 10;
}
