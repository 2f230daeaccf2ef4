import type { MessagePort } from 'node:worker_threads';
import { runBuilder, runProjector, runQueries, type ViewsJob } from '#views';
import { catalogueOf, contexts } from './contexts.js';
import { markingDenied } from './live/denied-subjects.js';
import { type LogSource, openLogReader } from './log/log-source.js';
import { innerViews, projectionThreads, storedViews } from './views/all-views.js';

/** A thread of the views: it keeps read models up with the log, makes them anew, or answers queries from them. */
interface Job {
  readonly folder: string;
  readonly source: LogSource;
}

export async function runThread(port: MessagePort, job: Job & ViewsJob): Promise<void> {
  if (job.job === 'answer') return await runQueries(port, [...storedViews, ...innerViews]);
  const log = await openLogReader(job.source);
  const catalogue = catalogueOf(contexts);
  const all = projectionThreads(catalogue, job.source).threads.flat();
  if (job.job === 'rebuild') await runBuilder(port, log, all, job.folder, catalogue);
  else {
    const mine = all.filter(({ name }) => job.projections.includes(name));
    await runProjector(port, log, mine, job.folder, markingDenied(catalogue));
  }
  await log.close();
}
