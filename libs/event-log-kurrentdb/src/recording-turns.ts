import type { RecordedEvent } from '#event-log';

/** What comes beyond waits, and goes together. */
const inFlightMax = 4;
const epochMsMin = 2;
const epochMsMax = 250;
/** How much longer an epoch is than the pause after it: its cost is one part in so many. */
const epochsPerDrain = 8;

/**
 * Lets appends go side by side without time going backwards along the log. Those in flight together share one `recordedAt`, since nobody
 * knows which of them lands first; before time moves on, they are waited for. A lone append has the time of its own.
 */
export class RecordingTurns {
  private inFlight = 0;
  private readonly waiting: ((recordedAt: string) => void)[] = [];
  private recordedAt = '';
  private latest = '';
  private epochEndsAt = 0;
  private epochMs = epochMsMin;
  private drainingSince = 0;

  constructor(private readonly clock: () => string) {}

  /** An event of the log that was seen: later ones of this node are not recorded before it. */
  saw({ recordedAt }: Pick<RecordedEvent, 'recordedAt'>): void {
    if (recordedAt > this.latest) this.latest = recordedAt;
  }

  get waiters(): number {
    return this.waiting.length;
  }

  /** Waits for a turn and answers with the time to record. To be given back with `leave`. */
  enter(): Promise<string> {
    if (this.waiting.length === 0 && this.mayStart()) return Promise.resolve(this.start());
    if (performance.now() >= this.epochEndsAt) this.drainingSince ||= performance.now();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    this.inFlight--;
    if (this.inFlight === 0 && this.drainingSince > 0) {
      const drainMs = performance.now() - this.drainingSince;
      this.epochMs = Math.min(Math.max(drainMs * epochsPerDrain, epochMsMin), epochMsMax);
      this.drainingSince = 0;
    }
    while (this.waiting.length > 0 && this.mayStart()) this.waiting.shift()?.(this.start());
    if (this.waiting.length > 0 && performance.now() >= this.epochEndsAt) this.drainingSince ||= performance.now();
  }

  private mayStart(): boolean {
    return this.inFlight === 0 || (this.inFlight < inFlightMax && performance.now() < this.epochEndsAt);
  }

  private start(): string {
    if (this.inFlight === 0) this.beginEpoch();
    this.inFlight++;
    return this.recordedAt;
  }

  private beginEpoch(): void {
    const now = this.clock();
    if (now > this.latest) this.latest = now;
    this.recordedAt = this.latest;
    this.epochEndsAt = performance.now() + this.epochMs;
  }
}
