import type { Position } from '#event-log';

const waitMsMax = 1000;

/**
 * The last committed position, shared with every thread that follows the log. A follower whose signal is never advanced
 * still looks once a second.
 */
export class HeadSignal {
  private readonly head: BigInt64Array<SharedArrayBuffer>;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.head = new BigInt64Array(buffer);
  }

  /** Wakes everybody who waits for it. */
  advance(position: Position): void {
    Atomics.store(this.head, 0, position);
    Atomics.notify(this.head, 0);
  }

  get position(): Position {
    return Atomics.load(this.head, 0);
  }

  /** Resolves when the head is past this position, when `ended` aborts or after a second, whichever comes first. */
  async past(position: Position, ended: AbortSignal): Promise<void> {
    const head = Atomics.load(this.head, 0);
    if (head > position || ended.aborted) return;
    const woken = Atomics.waitAsync(this.head, 0, head, waitMsMax);
    if (!woken.async) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        ended.removeEventListener('abort', wake);
        resolve();
      };
      // The timer keeps the thread alive, which a pending Atomics.waitAsync does not.
      const timer = setTimeout(wake, waitMsMax);
      ended.addEventListener('abort', wake, { once: true });
      void woken.value.then(wake);
    });
  }
}
