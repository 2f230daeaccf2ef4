import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.js';

/** Looks again and again until there is something to see. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  { everyMs = 100, secondsMax = 300 }: { readonly everyMs?: number; readonly secondsMax?: number } = {},
): Promise<T> {
  const deadline = performance.now() + secondsMax * 1000;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(everyMs);
  }
  throw new Error(`not done after ${secondsMax} s`);
}

interface Status {
  readonly projection: string;
  readonly position: string;
  readonly lagEvents: number;
  readonly state: string;
}

/** @throws where it can't be told, as in an outage of the log. */
export async function lags(server: Server): Promise<readonly Status[]> {
  const { items } = (await (await server.fetch('/api/projections')).json()) as { items: readonly Status[] };
  return items;
}

/** Waits until no projection lags, and none is being made. */
export async function caughtUp(server: Server, secondsMax = 300): Promise<void> {
  await until(
    async () =>
      (await lags(server)).every(({ lagEvents, state }) => lagEvents === 0 && state === 'live') ? true : undefined,
    { secondsMax },
  );
}
