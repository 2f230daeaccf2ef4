import { Worker } from 'node:worker_threads';
import type { Builder } from './builders.js';
import { Views, type ViewsOptions } from './views.js';

/** What a worker of the views is for; in its `workerData` beside what the server adds. */
export type ViewsJob =
  | { readonly job: 'project'; readonly projections: readonly string[] }
  | { readonly job: 'rebuild' }
  | { readonly job: 'answer' };

export interface ThreadsOptions extends ViewsOptions {
  /** The module that runs `runProjector`, `runBuilder` or `runQueries` on its `parentPort`, as its `ViewsJob` says. */
  readonly entry: URL;
  /** What it needs besides: the folder, how to open the log. */
  readonly workerData: Readonly<Record<string, unknown>>;
  /** Of each thread. Without a limit it grows far beyond what a batch of events needs. */
  readonly heap: HeapLimits;
}

/** MiB */
export interface HeapLimits {
  readonly young: number;
  readonly old: number;
}

/** The views with a thread for each list of projections and one that answers. */
export async function openViews(options: ThreadsOptions): Promise<Views> {
  const { entry, workerData, threads, heap } = options;
  const hire = (job: ViewsJob): Worker =>
    new Worker(entry, {
      workerData: { ...workerData, ...job },
      resourceLimits: { maxOldGenerationSizeMb: heap.old, maxYoungGenerationSizeMb: heap.young },
    });
  const projectors = threads.map((projections) =>
    hire({ job: 'project', projections: projections.map(({ name }) => name) }),
  );
  const reader = hire({ job: 'answer' });
  const workers = [...projectors, reader];
  let closing = false;
  return await Views.over(options, {
    projectors,
    reader,
    hire: () => builder(hire({ job: 'rebuild' })),
    onEnd: (listener) => {
      for (const worker of workers)
        worker.on('error', listener).on('exit', (code) => {
          if (!closing && code !== 0) listener(new Error(`a thread of the views ended with ${code}`));
        });
    },
    dismiss: async () => {
      closing = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  });
}

/** A thread that comes and goes. */
function builder(worker: Worker): Builder {
  let dismissed = false;
  return {
    port: worker,
    onEnd: (listener) =>
      void worker.on('error', listener).on('exit', (code) => {
        if (!dismissed) listener(new Error(`a thread that rebuilds views ended with ${code}`));
      }),
    dismiss: async () => {
      dismissed = true;
      await worker.terminate();
    },
  };
}
