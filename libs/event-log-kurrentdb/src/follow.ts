import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailable, type Position, type RecordedEvent } from '#event-log';
import type { ClientSlot } from './client-slot.js';
import { failureOf, messageOf, retryAfterSeconds } from './kurrent-errors.js';
import type { Cursor, KurrentReads } from './kurrent-reads.js';
import { Outage, type Patience } from './patience.js';
import { Tail, type TailEnd } from './tail.js';

/** Between two looks at a log that is busy. */
const lookEveryMs = 15;
/** It is quiet after as long with fewer events: a fraction of those that end a subscription, so that it does not begin and end all the time. */
const quietAfterMs = 500;
const quietEventsMax = 10;

/**
 * Follows the log: pages until its end, and again every few milliseconds while it is busy, then a subscription from exactly there; and so on again
 * whenever the subscription ends, is busy or falls behind, or is quiet while the log goes on. An event of a subscription is a message of its own,
 * compressed by itself, and costs some ten times as much as one in a page.
 */
export async function* follow(
  reads: KurrentReads,
  slot: ClientSlot,
  after: Position,
  signal: AbortSignal,
  patienceMs?: number,
): AsyncGenerator<readonly RecordedEvent[]> {
  const ended = AbortSignal.any([signal, reads.ended]);
  const cursor: Cursor = { position: after };
  const outage = new Outage(patienceMs);
  let patience: Patience | undefined;
  while (!ended.aborted) {
    for await (const page of pagesWhileBusy(reads, cursor, ended)) {
      patience = undefined;
      yield page;
    }
    if (ended.aborted) return;
    const lease = await slot.take();
    const tail = new Tail(lease.client, cursor);
    let end: TailEnd | undefined;
    try {
      while (!end && !ended.aborted) {
        const news = await tail.next(ended);
        if (!isPage(news)) end = news;
        else if (news.length > 0) {
          patience = undefined;
          slot.works(lease);
          yield news;
        } else if (!ended.aborted && (await isBehind(reads, cursor))) tail.stop();
      }
    } finally {
      tail.stop();
    }
    if (ended.aborted || !end || end.kind === 'behind') continue;
    if (end.kind === 'unreadable') throw end.error;
    const failure = failureOf(end.error);
    if (failure.kind === 'final') throw failure.error;
    slot.reconnect(lease, { reason: messageOf(end.error) });
    patience ??= outage.begin();
    if (patience.isOver)
      throw new LogUnavailable(`KurrentDB can't be followed: ${messageOf(end.error)}`, retryAfterSeconds, {
        cause: end.error,
      });
    await patience.pause(ended);
  }
}

/** To the end of the log, and what comes after it until that is little. */
async function* pagesWhileBusy(
  reads: KurrentReads,
  cursor: Cursor,
  ended: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  let events = 0;
  for (let since = performance.now(); ; await sleep(lookEveryMs)) {
    for await (const page of reads.pagesAfter(cursor, ended)) {
      yield page;
      if (ended.aborted) return;
      events += page.length;
    }
    const isJudged = performance.now() - since >= quietAfterMs;
    if (ended.aborted || (isJudged && events <= quietEventsMax)) return;
    if (!isJudged) continue;
    since = performance.now();
    events = 0;
  }
}

/** The log has gone on while nothing came: the subscription's node may be frozen, which its connection tells much later. */
async function isBehind(reads: KurrentReads, cursor: Cursor): Promise<boolean> {
  const { position } = cursor;
  return (await reads.hasAfter(position)) && cursor.position === position;
}

function isPage(news: readonly RecordedEvent[] | TailEnd): news is readonly RecordedEvent[] {
  return Array.isArray(news);
}
