import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type KurrentDBClient,
  START,
} from '@kurrent/kurrentdb-client';
import type { RecordedEvent } from '#event-log';
import { Unanswered } from './kurrent-errors.js';
import { type Cursor, positionOf } from './kurrent-reads.js';
import { fromKurrent } from './record.js';

const pageEventsMax = 1000;
/** More than this waits for its reader in the log, not here. */
const heldEventsMax = 2000;
const heldCharactersMax = 8 << 20;
/** More than these within a second, and pages are less work. */
const eventsPerSecondMax = 100;
const secondMs = 1000;
const confirmationMsMax = 4_000;
const silenceMsMax = 1_500;

/** Why a subscription is over: events come so fast that pages are the better way, it was dropped, or an event can't be read. */
export type TailEnd =
  | { readonly kind: 'behind' }
  | { readonly kind: 'dropped'; readonly error: Error }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/** One subscription from a cursor on, which it moves. It holds a bounded number of events for its reader and gives up beyond. */
export class Tail {
  private held: RecordedEvent[] = [];
  private heldCharacters = 0;
  private ended: TailEnd | undefined;
  /** Of the second under way. */
  private events = 0;
  private secondEndsAt = 0;
  private wake: () => void = () => undefined;
  private readonly subscription: AllStreamSubscription;
  private readonly confirmation: NodeJS.Timeout;

  constructor(
    client: KurrentDBClient,
    private readonly cursor: Cursor,
  ) {
    const { position } = cursor;
    const fromPosition = position < 0n ? START : { commit: position, prepare: position };
    this.confirmation = setTimeout(
      () => this.finish({ kind: 'dropped', error: new Unanswered('the subscription was not confirmed') }),
      confirmationMsMax,
    );
    const dropped = (error: Error): void => this.finish({ kind: 'dropped', error });
    const ended = (): void => dropped(new Unanswered('the subscription ended'));
    this.subscription = client
      .subscribeToAll({ fromPosition })
      .on('confirmation', () => clearTimeout(this.confirmation))
      .on('fellBehind', () => this.finish({ kind: 'behind' }))
      .on('error', dropped)
      .on('end', ended)
      .on('close', ended)
      .on('data', (resolved: AllStreamResolvedEvent) => this.take(resolved));
  }

  /** The next events; none where nothing came for a while. When it is over, what it held comes first. */
  async next(signal: AbortSignal): Promise<readonly RecordedEvent[] | TailEnd> {
    if (this.held.length === 0 && !this.ended && !signal.aborted) await this.news(signal);
    if (this.held.length === 0) return this.ended ?? [];
    const page = this.held.splice(0, pageEventsMax);
    for (const { text } of page) this.heldCharacters -= text.length;
    return page;
  }

  stop(): void {
    this.finish({ kind: 'behind' });
  }

  private take(resolved: AllStreamResolvedEvent): void {
    const position = positionOf(resolved);
    if (this.ended || position <= this.cursor.position) return;
    try {
      const event = fromKurrent(resolved);
      this.cursor.position = position;
      if (!event) return;
      this.held.push(event);
      this.heldCharacters += event.text.length;
    } catch (error) {
      this.finish({ kind: 'unreadable', error });
    }
    const isFull = this.held.length >= heldEventsMax || this.heldCharacters >= heldCharactersMax;
    if (isFull || this.isBusy()) this.finish({ kind: 'behind' });
    this.wake();
  }

  private isBusy(): boolean {
    const now = performance.now();
    if (now >= this.secondEndsAt) {
      this.secondEndsAt = now + secondMs;
      this.events = 0;
    }
    return ++this.events > eventsPerSecondMax;
  }

  private finish(end: TailEnd): void {
    clearTimeout(this.confirmation);
    if (this.ended) return;
    this.ended = end;
    this.wake();
    // It fails where the connection was never made: then there is nothing to end.
    this.subscription.unsubscribe().catch(() => undefined);
  }

  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(wake, silenceMsMax);
      signal.addEventListener('abort', wake, { once: true });
      this.wake = wake;
    });
  }
}
