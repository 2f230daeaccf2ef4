import { readFile } from 'node:fs/promises';
import type { Figure } from './bench.js';
import type { Server } from './server.js';

/** The most that the server's process has ever held, as Linux tells it, against a bar in MiB. */
export async function memoryPeak(server: Server, limit: number): Promise<Figure> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  const figure = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  return {
    what: 'memory at its peak',
    unit: 'MiB RSS',
    limitName: 'the bar',
    figure,
    limit,
    ratio: figure / limit,
    bar: 1,
    higherIsBetter: false,
  };
}
