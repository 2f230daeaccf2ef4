import { setImmediate as turnOfEventLoop, setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordedEvent } from '#event-log';

/** After a small batch the next one gathers for a millisecond per event of it, up to this: a busy log costs a fraction, a quiet one waits for nothing. */
const restMsMax = 25;
/** More than these and there is catching up to do. */
const smallBatchEvents = 500;
/** Where there is always more, the event loop has its turn after so many: a log that hands on pages one upon the other leaves it none. */
const turnEvents = 2000;

/** More of them at once outlive the young generation of their thread's heap before they are done with. */
export const batchEventsMax = 128;

export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Whether the next one is there already. */
  readonly more: boolean;
}

export interface BatchOptions {
  readonly eventsMax: number | (() => number);
  /** What is known to be in the log: nobody waits for more to gather before that is read. */
  readonly end: Position;
}

/** Puts together the pages that are there already, up to about `eventsMax`, and lets few gather where nothing more is there. */
export async function* batches(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  { eventsMax, end }: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  const iterator = pages[Symbol.asyncIterator]();
  /** Events since there was nothing more. */
  let run = 0;
  /** Events since the event loop had its turn. */
  let unturned = 0;
  try {
    let next = iterator.next();
    for (;;) {
      const first = await next;
      if (first.done) return;
      let events = first.value;
      next = following(iterator);
      const enough = typeof eventsMax === 'number' ? eventsMax : eventsMax();
      let ready = await ifThere(next);
      while (events.length < enough && ready && !ready.done) {
        events = [...events, ...ready.value];
        next = following(iterator);
        ready = await ifThere(next);
      }
      const isBeforeEnd = (events.at(-1)?.position ?? end) < end;
      const more = isBeforeEnd || ready?.done === false;
      run += events.length;
      unturned += events.length;
      yield { events, more };
      if (more && unturned < turnEvents) continue;
      unturned = 0;
      if (more) await turnOfEventLoop();
      else {
        if (run < smallBatchEvents) await sleep(Math.min(run, restMsMax));
        run = 0;
      }
    }
  } finally {
    await iterator.return?.();
  }
}

function following<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const next = iterator.next();
  // Who is to hear of it may be busy when this rejects; the error is thrown by the next await.
  next.catch(() => undefined);
  return next;
}

/** What is next, where it is there already. Where that fails, what came before it is still to be had: whoever awaits it hears of it. */
function ifThere<T>(next: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    // Cleared, or it holds what is next until the event loop has its turn: on a thread that is handed more and more, pages by the hundred.
    const turn = setImmediate(resolve, undefined);
    const settle = (value: T | undefined): void => {
      clearImmediate(turn);
      resolve(value);
    };
    next.then(settle, () => settle(undefined));
  });
}
