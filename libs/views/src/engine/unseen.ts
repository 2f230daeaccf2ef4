import { type EventLogReader, LogUnavailable } from '#event-log';

/** When the first event that a read model has not seen was recorded. What is found for a position stays true, so the log is asked once for each. */
export class Unseen {
  private readonly found = new Map<string, { readonly after: bigint; readonly recordedAtMs: number }>();

  constructor(private readonly log: Pick<EventLogReader, 'readAll'>) {}

  /** In seconds, of the first event after the position; 0 where there is none. Where the log cannot be read there, of the last event before it. */
  async ageSeconds(projection: string, after: bigint, lastSeenMs: number, nowMs: number): Promise<number> {
    const recordedAtMs = await this.recordedAtMs(projection, after).catch((error: unknown) => {
      if (error instanceof LogUnavailable) return lastSeenMs;
      throw error;
    });
    return recordedAtMs === undefined ? 0 : Math.max(0, (nowMs - recordedAtMs) / 1000);
  }

  private async recordedAtMs(projection: string, after: bigint): Promise<number | undefined> {
    const known = [...this.found.values()].find((each) => each.after === after);
    if (known) return known.recordedAtMs;
    for await (const [first] of this.log.readAll(after)) {
      if (!first) continue;
      const recordedAtMs = Date.parse(first.recordedAt);
      this.found.set(projection, { after, recordedAtMs });
      return recordedAtMs;
    }
    return undefined;
  }
}
