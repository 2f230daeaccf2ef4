import { on, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LogUnavailable, type Position, type RecordedEvent } from '#event-log';
import type { Reconnection } from './client-slot.js';
import { retryAfterSeconds } from './kurrent-errors.js';
import { unpacked } from './parcel.js';
import type { FromReading, Reading, ReadingPort, ToReading } from './reading-thread.js';

const stopMsMax = 2000;
// What the client makes of a batch lives for a moment; pages wait outside of the heap.
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 96 };

/** A thread that reads the log for this one; its port closes, or exits, with it. */
export interface Hired {
  readonly port: ReadingPort<FromReading, ToReading>;
  /** Tells it to stop, and ends it where it does not. */
  readonly dismiss: () => Promise<void>;
}

export interface ReadingAheadOptions {
  readonly connectionString: string;
  readonly patienceMs: number | undefined;
  readonly onReconnected: (reconnection: Reconnection) => void;
  readonly hire?: (reading: Reading) => Hired;
}

/**
 * Reads a long part of the log in a thread of its own, a bounded number of pages ahead. Half of what a page costs is the client's work on it; a
 * thread that does that too has the server wait meanwhile, and then waits for the server.
 */
export class ReadingAhead {
  constructor(private readonly options: ReadingAheadOptions) {}

  /** To the end of the log. Ends without an error when told to. @throws {LogUnavailable} */
  async *pages(after: Position, ended: AbortSignal): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    if (ended.aborted) return;
    const { connectionString, patienceMs, onReconnected, hire = hireWorker } = this.options;
    const { port, dismiss } = hire({ connectionString, patienceMs, after });
    try {
      for await (const [message] of messages(port, ended)) {
        if (message.kind === 'end') return;
        if (message.kind === 'failed') throw errorOf(message);
        if (message.kind === 'reconnected') onReconnected(message.reconnection);
        else {
          const events = unpacked(message.parcel);
          port.postMessage({ kind: 'taken' });
          yield events;
        }
      }
      throw new LogUnavailable('the thread that reads KurrentDB has ended', retryAfterSeconds);
    } catch (error) {
      if (!ended.aborted) throw error;
    } finally {
      await dismiss();
    }
  }
}

function messages(port: ReadingPort<FromReading, ToReading>, signal: AbortSignal): AsyncIterable<[FromReading]> {
  return on(port as unknown as NodeJS.EventEmitter, 'message', { signal, close: ['exit', 'close'] }) as AsyncIterable<
    [FromReading]
  >;
}

function errorOf({ message, retryAfterSeconds: seconds }: Extract<FromReading, { kind: 'failed' }>): Error {
  return seconds === undefined ? new Error(message) : new LogUnavailable(message, seconds);
}

function hireWorker(reading: Reading): Hired {
  const worker = new Worker(new URL('./reading-worker.js', import.meta.url), { workerData: reading, resourceLimits });
  const exit = once(worker, 'exit').catch(() => undefined);
  return {
    port: worker,
    dismiss: async () => {
      worker.postMessage({ kind: 'stop' } satisfies ToReading);
      await Promise.race([exit, sleep(stopMsMax, undefined, { ref: false })]);
      await worker.terminate();
    },
  };
}
