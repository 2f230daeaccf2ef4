import { type EventLog, LogUnavailable } from '#event-log';

/** After so long without another attempt nobody knows; a server that nobody asks for being unready would never find out. */
const rememberedMsMax = 5 * 60_000;

/** Notes whether the log takes what is appended. */
export class AppendWatch {
  private failed: { readonly why: string; readonly atMs: number } | undefined;

  constructor(private readonly rememberedMs = rememberedMsMax) {}

  /** Why the last append failed; undefined where it did not, or long ago. */
  get failure(): string | undefined {
    return this.failed && Date.now() - this.failed.atMs < this.rememberedMs ? this.failed.why : undefined;
  }

  /** The same log, watched. */
  over(log: EventLog): EventLog {
    return {
      append: (records, checks) => this.watched(log.append(records, checks)),
      readStream: (stream, from) => log.readStream(stream, from),
      readAll: (after) => log.readAll(after),
      subscribe: (after, signal) => log.subscribe(after, signal),
      head: () => log.head(),
      close: () => log.close(),
    };
  }

  private async watched<Answer>(appending: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await appending;
      this.failed = undefined;
      return answer;
    } catch (error) {
      if (error instanceof LogUnavailable) this.failed = { why: error.message, atMs: Date.now() };
      throw error;
    }
  }
}
