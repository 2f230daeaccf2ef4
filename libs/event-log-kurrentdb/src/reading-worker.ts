import { parentPort, workerData } from 'node:worker_threads';
import { type Reading, runReading } from './reading-thread.js';

if (!parentPort) throw new Error('this module is the entry of a worker thread');
await runReading(parentPort, workerData as Reading);
parentPort.close();
