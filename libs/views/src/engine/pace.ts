import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

/** Of a thread that may wait: where others want the processor, it gets about a tenth of what they get. */
const niceness = 10;
/** So many queries and events a second are worth stepping back for. */
const busyPerSecond = 20;
/** For each millisecond of work while others work. */
const restMsPerMs = 1;
const restMsMax = 200;

/** Keeps a rebuild out of the way of commands and reads, and lets it run where there are none. */
export class Pace {
  private readonly pulse: Int32Array;
  private readonly nice: boolean;
  private seen: number;
  private begun = performance.now();

  constructor(pulse: SharedArrayBuffer) {
    this.pulse = new Int32Array(pulse);
    this.seen = Atomics.load(this.pulse, 0);
    this.nice = makeNice();
  }

  /** After a bounded piece of work. */
  async rest(): Promise<void> {
    const now = performance.now();
    const worked = now - this.begun;
    const seen = Atomics.load(this.pulse, 0);
    const busy = (seen - this.seen) / (worked / 1000) > busyPerSecond;
    if (busy && !this.nice) await sleep(Math.min(worked * restMsPerMs, restMsMax));
    this.seen = seen;
    this.begun = performance.now();
  }
}

/** On Linux a priority is a thread's own; elsewhere it would be that of the whole server. */
function makeNice(): boolean {
  if (process.platform !== 'linux' || isMainThread) return false;
  setPriority(niceness);
  return true;
}
