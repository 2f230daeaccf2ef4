import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { runThread as run } from './views-thread.js';

// The entry of the views' threads. It loads nothing by itself: loading is work as well, and a rebuild gives way with all of it.

/** What others leave. */
const lowest = 19;

const job = workerData as Parameters<typeof run>[1];
// On Linux a priority is a thread's own; elsewhere it would be that of the whole server.
if (job.job === 'rebuild' && process.platform === 'linux') setPriority(lowest);
if (!parentPort) throw new Error('this module is the entry of a worker thread');
const { runThread } = await import('./views-thread.js');
await runThread(parentPort, job);
