import { useSyncExternalStore } from 'react';
import { queryClient } from './client.js';
import { ask } from './http.js';
import { viewKey } from './keys.js';

export interface LiveState {
  readonly state: 'connecting' | 'live' | 'lost';
  /** The newest position heard of; null before the first. */
  readonly position: string | null;
  readonly lostAt: number | null;
}

/** A burst of events becomes one look: at once, and then at most this often. */
const lookEveryMs = 1500;
const reopenFirstMs = 2000;
const reopenMaxMs = 30_000;
/** Whoever leaves the page ends its stream too: a loss is told when the page is still there after it. */
const lossToldMs = 300;
/** A list that was scrolled further than this is not read anew under its reader: it says that it has changed. */
export const refreshedPagesMax = 2;

/** The one live stream of this page: it says when what is shown has changed. */
class Live {
  private state: LiveState = { state: 'connecting', position: null, lostAt: null };
  private readonly listeners = new Set<() => void>();
  private source: EventSource | undefined;
  private reopenMs = reopenFirstMs;
  private reopenTimer: ReturnType<typeof setTimeout> | undefined;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  private lossTimer: ReturnType<typeof setTimeout> | undefined;
  private lookedAt = 0;
  private everOpened = false;
  /** The oldest of what was read before anything was listened to. */
  private readBefore: bigint | undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveState => this.state;

  open(): void {
    this.close();
    const source = new EventSource('/api/live');
    this.source = source;
    source.addEventListener('open', () => {
      this.reopenMs = reopenFirstMs;
      // What happened while nobody listened is seen by looking again.
      const wasLost = this.everOpened;
      this.everOpened = true;
      this.endLossTimer();
      this.set({ state: 'live', lostAt: null });
      if (wasLost) this.look();
      else void this.lookForMissed();
    });
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const { position } = JSON.parse(data) as { position: string };
      this.set({ position });
      this.look();
    });
    source.addEventListener('projection', () => this.look());
    source.addEventListener('error', () => {
      const lostAt = Date.now();
      this.lossTimer ??= setTimeout(() => this.lost(lostAt), lossToldMs);
      if (source.readyState === EventSource.CLOSED) this.reopen();
    });
    addEventListener('offline', this.offline);
    addEventListener('online', this.online);
  }

  close(): void {
    clearTimeout(this.reopenTimer);
    this.endLossTimer();
    clearTimeout(this.lookTimer);
    this.lookTimer = undefined;
    this.source?.close();
    this.source = undefined;
    removeEventListener('offline', this.offline);
    removeEventListener('online', this.online);
  }

  /** An answer told of a position before the stream did. */
  heard(position: string | null): void {
    if (position !== null && !this.everOpened) {
      const read = BigInt(position);
      if (this.readBefore === undefined || read < this.readBefore) this.readBefore = read;
    }
    if (position !== null && BigInt(position) > BigInt(this.state.position ?? '-1')) this.set({ position });
  }

  private lost(lostAt: number): void {
    if (this.state.state !== 'lost') this.set({ state: 'lost', lostAt });
  }

  private endLossTimer(): void {
    clearTimeout(this.lossTimer);
    this.lossTimer = undefined;
  }

  private readonly offline = (): void => this.lost(Date.now());

  private readonly online = (): void => this.open();

  /** The browser has given up (the server answered, but not with a stream): ask whether we are still signed in, and come again. */
  private reopen(): void {
    clearTimeout(this.reopenTimer);
    this.reopenTimer = setTimeout(() => {
      // A 401 signs out by itself; anything else is tried again.
      ask('/api/session').then(
        () => this.open(),
        () => this.source && this.reopen(),
      );
    }, this.reopenMs);
    this.reopenMs = Math.min(this.reopenMs * 2, reopenMaxMs);
  }

  private look(): void {
    if (this.lookTimer !== undefined) return;
    const waitMs = Math.max(0, this.lookedAt + lookEveryMs - Date.now());
    this.lookTimer = setTimeout(() => {
      this.lookTimer = undefined;
      this.lookedAt = Date.now();
      void queryClient.invalidateQueries({
        predicate: ({ queryKey, state: { data } }) => queryKey[0] === viewKey && pagesOf(data) <= refreshedPagesMax,
      });
    }, waitMs);
  }

  /** What happened between the first answers and the stream was told to nobody. Where it cannot be asked, the stream is lost too, and heals with a look. */
  private async lookForMissed(): Promise<void> {
    if (this.readBefore === undefined) return;
    const { position } = await ask('/api/sites?limit=1').catch(() => ({ position: null }));
    if (position !== null && BigInt(position) > this.readBefore) this.look();
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function pagesOf(data: unknown): number {
  const { pages } = (data ?? {}) as { readonly pages?: readonly unknown[] };
  return pages?.length ?? 0;
}

export const live = new Live();

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.snapshot);
}
