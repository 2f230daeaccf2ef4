import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLogReader, LogUnavailable } from '#event-log';
import type { Views } from '#views';
import type { CarryOverStatus } from '../migrations/carry-over.js';
import type { AppendWatch } from './append-watch.js';

export interface Readiness {
  readonly status: 'ready' | 'behind' | 'failed';
  /** The log's last position; null where it cannot be read. */
  readonly position: string | null;
  /** `failing`: it can be read, but what was to be appended last could not be. */
  readonly log: { readonly state: 'open' | 'failing' | 'unavailable'; readonly detail?: string };
  readonly projections: readonly object[];
  /** What carries the content of migrations over; failing: it tries again and again, and the server's log tells why. */
  readonly carryOver: CarryOverStatus;
}

/** A log that is tried again and again answers no sooner for whoever asks about its health. */
const answerMsMax = 2_000;

/** Ready to be relied on: the log can be read and written, and every view has caught up with it once and goes on. */
export async function readiness(
  log: EventLogReader,
  appends: AppendWatch,
  views: Views,
  carryOver: CarryOverStatus,
): Promise<Readiness> {
  const late = sleep(
    answerMsMax,
    unavailable(carryOver, `the event log did not answer within ${answerMsMax / 1000} s`),
    {
      ref: false,
    },
  );
  return await Promise.race([look(log, appends, views, carryOver), late]);
}

function unavailable(carryOver: CarryOverStatus, detail: string): Readiness {
  return { status: 'failed', position: null, log: { state: 'unavailable', detail }, projections: [], carryOver };
}

async function look(
  log: EventLogReader,
  appends: AppendWatch,
  views: Views,
  carryOver: CarryOverStatus,
): Promise<Readiness> {
  let head: bigint;
  try {
    head = await log.head();
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    return unavailable(carryOver, error.message);
  }
  const statuses = await views.statuses();
  const { failure } = appends;
  const failed =
    failure !== undefined || carryOver.state === 'failing' || statuses.some(({ state }) => state === 'failed');
  const behind = statuses.some(({ isServing }) => !isServing);
  return {
    status: failed ? 'failed' : behind ? 'behind' : 'ready',
    position: `${head < 0n ? 0n : head}`,
    log: failure === undefined ? { state: 'open' } : { state: 'failing', detail: failure },
    projections: statuses.map(({ projection, position, lagEvents, lagSeconds, state, failure }) => ({
      projection,
      state,
      position: `${position}`,
      lagEvents,
      lagSeconds,
      // What the error says is for the server's own log: no token is needed here.
      ...(failure && { failedAt: `${failure.position}` }),
    })),
    carryOver,
  };
}
