import type { AppendRecordInput, ConsistencyCheck } from '@kurrent/kurrentdb-client';
import { type Check, LogUnavailable, type Position } from '#event-log';
import type { ClientSlot } from './client-slot.js';
import { failureOf, messageOf, retryAfterSeconds, type Violation } from './kurrent-errors.js';
import type { KurrentReads } from './kurrent-reads.js';
import { answered, type Outage, type Patience } from './patience.js';
import { type PlacedRecord, toKurrent, toKurrentChecks } from './record.js';

/** A healthy leader answers or gives up a write within 2 s. */
const answerMsMin = 2_500;
const charactersPerMs = 8_000;
const findMsMax = 6_000;

/** What one call writes, all of it or nothing. */
export interface Call {
  readonly places: readonly PlacedRecord[];
  readonly checks: readonly Check[];
  readonly characters: number;
  readonly recordedAt: string;
}

/** The position of the last record, or of each where they were found by reading; or the checks that failed. */
export type Outcome =
  | { readonly violations: readonly Violation[] }
  | { readonly last: Position }
  | { readonly positions: readonly Position[] };

/** One call as it is sent, the same each time: that is what makes sending it again safe. */
interface Sending {
  readonly rows: AppendRecordInput[];
  readonly conditions: ConsistencyCheck[];
  readonly answerMs: number;
}

/**
 * Sends calls to the leader. One whose answer is lost is sent again, with the same ids, through a new client: as every stream written has an
 * exact check, the server knows it again and never writes it twice.
 */
export class Sender {
  private closing = false;

  constructor(
    private readonly slot: ClientSlot,
    private readonly hosts: string,
    private readonly reads: KurrentReads,
    private readonly outage: Outage,
  ) {}

  /** Gives up with the next attempt that fails. */
  stop(): void {
    this.closing = true;
  }

  close(): void {
    this.slot.close();
  }

  /** @throws {LogUnavailable} {@link LogMisuse} */
  async send(call: Call, patience: Patience): Promise<Outcome> {
    const { places } = call;
    const { rows, conditions, answerMs } = sendingOf(call);
    let mayBeWritten = false;
    for (let attempt = 1; ; attempt++) {
      const lease = await this.slot.take();
      try {
        const { position } = await answered(lease.client.appendRecords(rows, conditions), answerMs);
        this.outage.over();
        this.slot.works(lease);
        return { last: position };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'violation') {
          this.outage.over();
          const positions = mayBeWritten ? await this.known(places) : undefined;
          return positions ? { positions } : { violations: failure.violations };
        }
        if (failure.kind === 'final') {
          if (mayBeWritten) return await this.findOut(places, messageOf(failure.error));
          throw failure.error;
        }
        mayBeWritten ||= failure.kind === 'unanswered';
        this.outage.failed();
        this.slot.reconnect(lease, failure);
        // Nobody is told that the outcome is unknown who has not asked twice.
        const isLast = patience.isOver && (attempt > 1 || !mayBeWritten);
        if (isLast || this.closing) {
          if (mayBeWritten) return await this.findOut(places, failure.reason);
          throw this.nothingWritten(failure.reason);
        }
      }
      await patience.pause();
    }
  }

  /** One for each record; the answer has the last one's only. What one call writes stands side by side in the log. */
  async positions(places: readonly PlacedRecord[], last: Position): Promise<readonly Position[]> {
    if (places.length === 1 && last >= 0n) return [last];
    const patience = this.outage.begin();
    try {
      for (;;) {
        const before = last >= 0n ? await this.reads.before(last, places.length - 1) : [];
        if (
          before.length === places.length - 1 &&
          before.every(({ id }, index) => id === places[index]?.record.id.toLowerCase())
        )
          return [...before.map(({ position }) => position), last];
        // An append that was sent again may be answered with another event's position, and another node may be a moment behind.
        const found = await this.reads.find(places);
        if (found) return found;
        if (patience.isOver || this.closing) throw this.written('they are not in their streams yet');
        await patience.pause();
      }
    } catch (error) {
      if (error instanceof LogUnavailable && error.retryAfterSeconds === null) throw error;
      throw this.written(messageOf(error), error);
    }
  }

  nothingWritten(reason: string): LogUnavailable {
    return new LogUnavailable(
      `nothing was written: no leader of KurrentDB at ${this.hosts} takes it (${reason})`,
      retryAfterSeconds,
    );
  }

  /** The leader has refused a call, which an earlier attempt may have written: it knows. */
  private async known(places: readonly PlacedRecord[]): Promise<readonly Position[] | undefined> {
    try {
      return await this.reads.find(places);
    } catch (error) {
      throw this.unknown(messageOf(error), error);
    }
  }

  /** A call that nobody answers: it has landed if its events are there. That they are not there tells nothing. */
  private async findOut(places: readonly PlacedRecord[], reason: string): Promise<Outcome> {
    const positions = await answered(this.reads.find(places), findMsMax).catch(() => undefined);
    if (positions) return { positions };
    throw this.unknown(reason);
  }

  private unknown(reason: string, cause?: unknown): LogUnavailable {
    return new LogUnavailable(
      `outcome unknown: KurrentDB at ${this.hosts} did not say whether the events were written (${reason}); look before you send them again`,
      retryAfterSeconds,
      { cause, mayBeRecorded: true },
    );
  }

  private written(reason: string, cause?: unknown): LogUnavailable {
    return new LogUnavailable(
      `the events were written, but where they stand in KurrentDB at ${this.hosts} can't be read: ${reason}`,
      retryAfterSeconds,
      { cause, mayBeRecorded: true },
    );
  }
}

const sendingOf = ({ places, checks, characters, recordedAt }: Call): Sending => ({
  rows: toKurrent(places, recordedAt),
  conditions: toKurrentChecks(checks),
  answerMs: answerMsMin + characters / charactersPerMs,
});
