import { type EventLogReader, LogUnavailable } from '#event-log';
import type { Views } from '#views';

export interface Readiness {
  readonly status: 'ready' | 'behind' | 'failed';
  /** The log's last position; null where it cannot be read. */
  readonly position: string | null;
  readonly log: { readonly state: 'open' | 'unavailable'; readonly detail?: string };
  readonly projections: readonly object[];
}

/** Ready to be relied on: the log can be read, and every view has caught up with it once and goes on. */
export async function readiness(log: EventLogReader, views: Views): Promise<Readiness> {
  let head: bigint;
  try {
    head = await log.head();
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    return { status: 'failed', position: null, log: { state: 'unavailable', detail: error.message }, projections: [] };
  }
  const statuses = await views.statuses();
  const failed = statuses.some(({ state }) => state === 'failed');
  const behind = statuses.some(({ state }) => state === 'rebuilding');
  return {
    status: failed ? 'failed' : behind ? 'behind' : 'ready',
    position: `${head < 0n ? 0n : head}`,
    log: { state: 'open' },
    projections: statuses.map(({ projection, position, lagEvents, lagSeconds, state, failure }) => ({
      projection,
      state,
      position: `${position}`,
      lagEvents,
      lagSeconds,
      // What the error says is for the server's own log: no token is needed here.
      ...(failure && { failedAt: `${failure.position}` }),
    })),
  };
}
