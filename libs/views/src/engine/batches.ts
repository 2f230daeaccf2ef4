import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '#event-log';

const notYet = Symbol('not yet');

/** After a small batch the next one gathers for a millisecond per event of it, up to this: a busy log costs a fraction, a quiet one waits for nothing. */
const restMsMax = 25;
/** More than these and there is catching up to do. */
const smallBatchEvents = 500;

/** Puts together the pages that are there already, up to about `eventsMax`: big batches while catching up, prompt ones when live. */
export async function* batches(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  eventsMax: number | (() => number),
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const first = await next;
      if (first.done) return;
      let batch = first.value;
      next = iterator.next();
      // The owner of `batch` may be busy when this rejects; the error is thrown by the next await.
      next.catch(() => undefined);
      const enough = typeof eventsMax === 'number' ? eventsMax : eventsMax();
      while (batch.length < enough) {
        const ready = await Promise.race([next, setImmediate(notYet)]);
        if (ready === notYet || ready.done) break;
        batch = [...batch, ...ready.value];
        next = iterator.next();
        next.catch(() => undefined);
      }
      yield batch;
      if (batch.length < smallBatchEvents) await sleep(Math.min(batch.length, restMsMax));
    }
  } finally {
    await iterator.return?.();
  }
}
