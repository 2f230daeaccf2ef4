import type { EventLogReader } from '#event-log';
import { openViews } from '#views';
import { catalogueOf, contexts } from '#server/contexts';
import type { LogSource } from '#server/log/log-source';
import { innerViews, projectionThreads, storedViews } from '#server/views/all-views';
import { until } from './waiting.js';

/** Seconds until all views, made in this folder by the server's own threads, are at the log's head; the start of the threads included. */
export async function secondsToViews(
  folder: string,
  log: EventLogReader,
  source: LogSource,
  { secondsMax }: { readonly secondsMax?: number } = {},
): Promise<number> {
  const head = await log.head();
  const started = performance.now();
  const views = await openViews({
    definitions: [...storedViews, ...innerViews],
    ...projectionThreads(catalogueOf(contexts), source),
    log,
    entry: new URL('../apps/server/src/views-worker.js', import.meta.url),
    workerData: { folder, source },
    onTrouble: (error) => console.error(error),
  });
  await until(async () => ((await views.statuses()).every(({ position }) => position === head) ? true : undefined), {
    everyMs: 25,
    ...(secondsMax !== undefined && { secondsMax }),
  });
  const seconds = (performance.now() - started) / 1000;
  await views.close();
  return seconds;
}
