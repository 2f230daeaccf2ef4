import { parentPort, workerData } from 'node:worker_threads';
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

const job = workerData as Job & ViewsJob;
if (!parentPort) throw new Error('this module is the entry of a worker thread');
if (job.job === 'answer') await runQueries(parentPort, [...storedViews, ...innerViews]);
else {
  const log = await openLogReader(job.source);
  const catalogue = catalogueOf(contexts);
  const all = projectionThreads(catalogue).flat();
  if (job.job === 'rebuild') await runBuilder(parentPort, log, all, job.folder, catalogue);
  else {
    const mine = all.filter(({ name }) => job.projections.includes(name));
    await runProjector(parentPort, log, mine, job.folder, markingDenied(catalogue));
  }
  await log.close();
}
