import { on, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LogUnavailable } from '#event-log';
import type { Reconnection } from './client-slot.js';
import { messageOf, retryAfterSeconds } from './kurrent-errors.js';
import type { Cursor } from './kurrent-reads.js';
import { unpacked } from './parcel.js';
import type { StoredRecord } from './record.js';
import type { FromReading, Reading, ReadingPort, ToReading } from './reading-thread.js';

const stopMsMax = 2000;
/** The thread says each second that it is there; on a busy machine that may come late. */
const silenceMsMax = 15_000;
// What the client makes of a batch lives for a moment; pages wait outside of the heap.
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 96 };

/** A thread that reads the log for this one; its port closes, or exits, with it. */
export interface Hired {
  readonly port: ReadingPort<FromReading, ToReading>;
  /** Tells it to stop, and ends it where it does not. */
  readonly dismiss: () => Promise<void>;
}

export interface ReadingAheadOptions extends Omit<Reading, 'after'> {
  readonly onReconnected: (reconnection: Reconnection) => void;
  readonly hire?: (reading: Reading) => Hired;
}

/**
 * Reads a long part of the log in a thread of its own, a bounded number of pages ahead. Half of what a page costs is the client's work on it; a
 * thread that does that too has the server wait meanwhile, and then waits for the server.
 */
export class ReadingAhead {
  constructor(private readonly options: ReadingAheadOptions) {}

  /** To the end of the log; moves the cursor. Ends without an error when told to. @throws {LogUnavailable} */
  async *pages(cursor: Cursor, ended: AbortSignal): AsyncGenerator<readonly StoredRecord[], void, undefined> {
    if (ended.aborted) return;
    const { connectionString, patienceMs, onReconnected, hire = hireWorker } = this.options;
    const { port, dismiss } = hire({ connectionString, patienceMs, after: cursor.position });
    try {
      for await (const message of messages(port, ended)) {
        if (message.kind === 'failed') throw errorOf(message);
        if (message.kind === 'end') {
          cursor.position = message.position;
          return;
        }
        if (message.kind === 'reconnected') onReconnected(message.reconnection);
        if (message.kind === 'parcel') {
          port.postMessage({ kind: 'taken' });
          const records = unpacked(message.parcel);
          cursor.position = records.at(-1)?.position ?? cursor.position;
          yield records;
          if (ended.aborted) return;
        }
      }
    } catch (error) {
      if (ended.aborted) return;
      if (error instanceof LogUnavailable) throw error;
      throw new LogUnavailable(`the thread that reads KurrentDB failed: ${messageOf(error)}`, retryAfterSeconds, {
        cause: error,
      });
    } finally {
      await dismiss();
    }
  }
}

/** Fails where nothing is heard for too long, a message can't be read, or the thread fails or ends. */
async function* messages(
  port: ReadingPort<FromReading, ToReading>,
  ended: AbortSignal,
): AsyncGenerator<FromReading, never, undefined> {
  const emitter = port as unknown as NodeJS.EventEmitter;
  const failing = new AbortController();
  const fail = (error: Error): void => failing.abort(error);
  const listen = (): NodeJS.Timeout => setTimeout(fail, silenceMsMax, new Error('it is silent'));
  const signal = AbortSignal.any([ended, failing.signal]);
  emitter.on('messageerror', fail);
  let timer = listen();
  try {
    for await (const [message] of on(emitter, 'message', { signal, close: ['exit', 'close'] })) {
      // Who is busy with a message hears nothing meanwhile.
      clearTimeout(timer);
      yield message as FromReading;
      timer = listen();
    }
    throw new Error('it has ended');
  } catch (error) {
    throw failing.signal.aborted ? failing.signal.reason : error;
  } finally {
    clearTimeout(timer);
    emitter.off('messageerror', fail);
  }
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
