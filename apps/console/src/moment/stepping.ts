import { useCallback, useMemo, useState } from 'react';
import { ask } from '../api/http.js';
import { useLive } from '../api/live.js';
import { ProblemError } from '../api/problem.js';
import { useMay } from '../api/use-session.js';
import type { Page, RecordedEvent, TimelineItem } from '../api/types.js';
import { useAddress } from '../shell/address.js';
import { positionOf, useMoment } from './moment.js';

export interface Stepping {
  readonly previous: () => Promise<void>;
  readonly next: () => Promise<void>;
  readonly error: Error | null;
}

/** One event back or forth. Positions need not be dense, so whoever may read history asks it for the neighbour. */
export function useStepping(): Stepping {
  const { asOf, isPast } = useMoment();
  const { change } = useAddress();
  const live = useLive();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const readsEvents = useMay('auditor');
  const [error, setError] = useState<Error | null>(null);

  const here = useCallback(async (): Promise<bigint> => {
    const known = isPast ? positionOf(asOf) : live.position;
    if (known !== undefined && known !== null) return BigInt(known);
    const { position } = await ask(
      `/api/sites?limit=1${asOf === undefined ? '' : `&asOf=${encodeURIComponent(asOf)}`}`,
    );
    return BigInt(position ?? '0');
  }, [asOf, isPast, live.position]);

  const step = useCallback(
    async (neighbour: () => Promise<bigint | undefined>): Promise<void> => {
      setError(null);
      try {
        const position = await neighbour();
        change({ asOf: position === undefined ? undefined : `@${position}` }, { replace: isPast });
      } catch (failed) {
        setError(failed as Error);
      }
    },
    [change, isPast],
  );

  const previous = useCallback(
    () =>
      step(async () => {
        const before = (await here()) - 1n;
        if (before < 0n) return 0n;
        if (readsEvents && (await isEvent(before))) return before;
        return readsTimeline ? await lastUntil(before) : before;
      }),
    [step, here, readsTimeline, readsEvents],
  );
  const next = useCallback(async () => {
    if (!isPast) return;
    await step(async () => {
      const after = await here();
      if (readsEvents) {
        const { body } = await ask<Page<RecordedEvent>>(`/api/events?after=${after}&limit=1`);
        return body.items[0] && BigInt(body.items[0].position);
      }
      return live.position !== null && after + 1n > BigInt(live.position) ? undefined : after + 1n;
    });
  }, [isPast, step, here, readsEvents, live.position]);
  return useMemo(() => ({ previous, next, error }), [previous, next, error]);
}

async function isEvent(position: bigint): Promise<boolean> {
  try {
    await ask(`/api/events/${position}`);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.document.status === 404) return false;
    throw error;
  }
}

/** The last event until there that the timeline tells of. */
async function lastUntil(position: bigint): Promise<bigint> {
  const { body } = await ask<Page<TimelineItem>>(`/api/timeline?rows=true&limit=1&asOf=@${position}`);
  const events = (body.items[0]?.events ?? []).map(BigInt).filter((each) => each <= position);
  return events.reduce((last, each) => (each > last ? each : last), 0n);
}
