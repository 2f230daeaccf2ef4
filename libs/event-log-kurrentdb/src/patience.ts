import { setTimeout as sleep } from 'node:timers/promises';
import { Unanswered } from './kurrent-errors.js';

/** Of one call. */
export const defaultPatienceMs = 15_000;
/** Once it is known that KurrentDB does not answer, the next caller is not kept as long. */
const outagePatienceMs = 2_000;
const pauseMsMin = 40;
/** Two of them, and a look for the leader, stay within a second of its election. */
const pauseMsMax = 200;

/** Remembers since when nothing succeeded, so that in a long outage every caller is told soon. */
export class Outage {
  private since: number | undefined;

  constructor(private readonly patienceMs = defaultPatienceMs) {}

  /** For a new call. */
  begin(): Patience {
    const isLong = this.since !== undefined && performance.now() - this.since > this.patienceMs;
    return new Patience(isLong ? Math.min(outagePatienceMs, this.patienceMs) : this.patienceMs);
  }

  failed(): void {
    this.since ??= performance.now();
  }

  over(): void {
    this.since = undefined;
  }
}

/** How long a call goes on trying, with pauses that grow. */
export class Patience {
  private attempts = 0;
  private until: number;

  constructor(private readonly ms: number) {
    this.until = performance.now() + ms;
  }

  get isOver(): boolean {
    return performance.now() >= this.until;
  }

  /** Something came of it: from here on it counts anew. */
  renew(): void {
    this.attempts = 0;
    this.until = performance.now() + this.ms;
  }

  async pause(signal?: AbortSignal): Promise<void> {
    const pauseMs = Math.min(pauseMsMin * 2 ** this.attempts++, pauseMsMax) * (0.5 + Math.random() / 2);
    await sleep(pauseMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  }
}

/**
 * Waits for a call of the client, but not longer than `ms` without `progress`, and not past the signal.
 * @throws {Unanswered}
 */
export function answered<T>(
  call: Promise<T>,
  ms: number,
  { progress = () => 0, signal }: { progress?: () => number; signal?: AbortSignal } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let seen = progress();
    const timer = setInterval(() => {
      const now = progress();
      if (now === seen) end(new Unanswered(`no answer within ${(ms / 1000).toFixed(1)} s`));
      seen = now;
    }, ms);
    const aborted = (): void => end(new Unanswered('given up'));
    const settle = (): void => {
      clearInterval(timer);
      signal?.removeEventListener('abort', aborted);
    };
    const end = (error: unknown): void => {
      settle();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    signal?.addEventListener('abort', aborted, { once: true });
    call.then((value) => {
      settle();
      resolve(value);
    }, end);
    if (signal?.aborted) aborted();
  });
}
