interface Watched {
  /** What there was of it when it was looked at last. */
  readonly signs: string;
  readonly silentMs: number;
  readonly lookedAtMs: number;
}

/**
 * For how long others have done nothing about what they work on. It is timed by this process, while it looks: clocks of other nodes mean nothing, and
 * neither does a time in which this process itself stood still.
 */
export class SignsOfLife {
  private readonly watched = new Map<string, Watched>();

  /** @param lookMs how often it is asked */
  constructor(private readonly lookMs: number) {}

  /** @param signs other ones than before where something was done */
  silentMs(id: string, signs: string, nowMs: number): number {
    const known = this.watched.get(id);
    const sinceLookMs = known ? Math.min(nowMs - known.lookedAtMs, 2 * this.lookMs) : 0;
    const silentMs = known?.signs === signs ? known.silentMs + sinceLookMs : 0;
    this.watched.set(id, { signs, silentMs, lookedAtMs: nowMs });
    return silentMs;
  }

  isWatched(id: string): boolean {
    return this.watched.has(id);
  }

  forget(id: string): void {
    this.watched.delete(id);
  }

  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.watched.keys()) if (!ids.has(id)) this.watched.delete(id);
  }
}
