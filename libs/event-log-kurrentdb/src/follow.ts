import { LogUnavailable, type Position, type RecordedEvent } from '#event-log';
import type { ClientSlot } from './client-slot.js';
import { failureOf, messageOf, retryAfterSeconds } from './kurrent-errors.js';
import type { Cursor, KurrentReads } from './kurrent-reads.js';
import { Outage } from './patience.js';
import { Tail, type TailEnd } from './tail.js';

/**
 * Follows the log: pages until its end, then a subscription from exactly there, and so on again whenever the subscription ends, falls behind or
 * is quiet while the log goes on. Pages are some 12 times as fast as a subscription.
 */
export async function* follow(
  reads: KurrentReads,
  slot: ClientSlot,
  after: Position,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  const ended = AbortSignal.any([signal, reads.ended]);
  const cursor: Cursor = { position: after };
  const outage = new Outage();
  for (let patience = outage.begin(); !ended.aborted;) {
    for await (const page of reads.pagesAfter(cursor, ended)) {
      yield page;
      if (ended.aborted) return;
    }
    const client = slot.current;
    const tail = new Tail(client, cursor);
    let end: TailEnd | undefined;
    try {
      while (!end && !ended.aborted) {
        const news = await tail.next(ended);
        if (!isPage(news)) end = news;
        else if (news.length > 0) {
          patience = outage.begin();
          yield news;
        } else if (!ended.aborted && (await reads.hasAfter(cursor.position))) end = { kind: 'behind' };
      }
    } finally {
      tail.stop();
    }
    if (ended.aborted || !end || end.kind === 'behind') continue;
    if (end.kind === 'unreadable') throw end.error;
    const failure = failureOf(end.error);
    if (failure.kind === 'final') throw failure.error;
    slot.replace(client, messageOf(end.error));
    if (patience.isOver)
      throw new LogUnavailable(`KurrentDB can't be followed: ${messageOf(end.error)}`, retryAfterSeconds, {
        cause: end.error,
      });
    await patience.pause(ended);
  }
}

function isPage(news: readonly RecordedEvent[] | TailEnd): news is readonly RecordedEvent[] {
  return Array.isArray(news);
}
