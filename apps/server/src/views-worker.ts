import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteLogReader } from '#event-log-sqlite';
import { runProjector, runQueries, type ViewsJob } from '#views';
import { catalogueOf, contexts } from './contexts.js';
import { innerViews, projectionThreads, storedViews } from './views/all-views.js';

/** A thread of the views: it keeps read models up with the log, or answers queries from them. */
interface Job {
  readonly folder: string;
  readonly logFile: string;
  readonly headSignal: SharedArrayBuffer;
}

const job = workerData as Job & ViewsJob;
if (!parentPort) throw new Error('this module is the entry of a worker thread');
if (job.job === 'answer') await runQueries(parentPort, [...storedViews, ...innerViews]);
else {
  const log = await openSqliteLogReader({ file: job.logFile, signal: job.headSignal });
  const catalogue = catalogueOf(contexts);
  const mine = projectionThreads(catalogue)
    .flat()
    .filter(({ name }) => job.projections.includes(name));
  await runProjector(parentPort, log, mine, job.folder, catalogue);
  await log.close();
}
