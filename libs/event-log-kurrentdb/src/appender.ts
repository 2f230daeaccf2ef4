import { setTimeout as sleep } from 'node:timers/promises';
import type { AppendRecordInput, ConsistencyCheck } from '@kurrent/kurrentdb-client';
import {
  type Appended,
  assertAppend,
  type Check,
  type Conflict,
  LogUnavailable,
  type NewRecord,
  type Position,
} from '#event-log';
import type { ClientSlot } from './client-slot.js';
import { closed, failureOf, messageOf, retryAfterSeconds, type Violation } from './kurrent-errors.js';
import type { KurrentReads } from './kurrent-reads.js';
import { answered, Outage, type Patience } from './patience.js';
import { assertStorable, placed, type PlacedRecord, toKurrent, toKurrentChecks } from './record.js';
import type { RecordingTurns } from './recording-turns.js';

const underWayMax = 10_000;
const underWayCharactersMax = 256 << 20;
/** A healthy leader answers or gives up a write within 2 s. */
const answerMsMin = 2_500;
const charactersPerMs = 8_000;
const findMsMax = 6_000;
const closeMsMax = 5_000;

/** One append as it is sent, the same each time: that is what makes sending it again safe. */
interface Sending {
  readonly places: readonly PlacedRecord[];
  readonly checks: readonly Check[];
  readonly rows: AppendRecordInput[];
  readonly conditions: ConsistencyCheck[];
  readonly answerMs: number;
}

/** The position of the last record, or of each where they were found by reading. */
type Outcome = Conflict | { readonly last: Position } | { readonly positions: readonly Position[] };

/**
 * Sends appends to the leader. One whose answer is lost is sent again, with the same ids, through a new client: as every stream written has an
 * exact check, the server knows it again and never writes it twice.
 */
export class Appender {
  private readonly outage: Outage;
  private underWay = 0;
  private underWayCharacters = 0;
  private idle = Promise.withResolvers<void>();
  private closing = false;

  constructor(
    private readonly slot: ClientSlot,
    private readonly hosts: string,
    private readonly reads: KurrentReads,
    private readonly turns: RecordingTurns,
    patienceMs?: number,
  ) {
    this.outage = new Outage(patienceMs);
  }

  async append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    assertAppend(records, checks);
    assertStorable(records, checks);
    if (this.closing) throw closed();
    if (this.underWay >= underWayMax || this.underWayCharacters >= underWayCharactersMax)
      throw new LogUnavailable(`nothing was written: ${this.underWay} appends wait already`, 1);
    let characters = 0;
    for (const { data, meta } of records) characters += data.length + meta.length;
    this.underWay++;
    this.underWayCharacters += characters;
    try {
      return await this.take(records, checks, answerMsMin + characters / charactersPerMs);
    } finally {
      this.underWay--;
      this.underWayCharacters -= characters;
      if (this.closing && this.underWay === 0) this.idle.resolve();
    }
  }

  /** Takes no more; what is under way is answered first, if that comes soon. */
  async close(): Promise<void> {
    this.closing = true;
    if (this.underWay > 0) await Promise.race([this.idle.promise, sleep(closeMsMax, undefined, { ref: false })]);
    this.slot.close();
  }

  private async take(
    records: readonly NewRecord[],
    checks: readonly Check[],
    answerMs: number,
  ): Promise<Appended | Conflict> {
    const patience = this.outage.begin();
    const recordedAt = await this.turns.enter();
    const places = placed(records, checks);
    let outcome: Outcome;
    try {
      if (patience.isOver) throw this.nothingWritten('others wait for an answer');
      const rows = toKurrent(places, recordedAt);
      outcome = await this.send({ places, checks, rows, conditions: toKurrentChecks(checks), answerMs }, patience);
    } finally {
      this.turns.leave();
    }
    if ('conflicts' in outcome) return outcome;
    const positions = 'last' in outcome ? await this.positions(places, outcome.last) : outcome.positions;
    return { positions, revisions: places.map(({ revision }) => revision), recordedAt };
  }

  private async send(sending: Sending, patience: Patience): Promise<Outcome> {
    const { places, checks, rows, conditions, answerMs } = sending;
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
          const positions = mayBeWritten ? await this.reads.find(places) : undefined;
          return positions ? { positions } : conflictOf(failure.violations, checks);
        }
        if (failure.kind === 'final') {
          if (mayBeWritten) return await this.findOut(places, messageOf(failure.error));
          throw failure.error;
        }
        mayBeWritten ||= failure.kind === 'unanswered';
        this.outage.failed();
        this.slot.reconnect(lease, failure.reason);
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
  private async positions(places: readonly PlacedRecord[], last: Position): Promise<readonly Position[]> {
    if (places.length === 1 && last >= 0n) return [last];
    const patience = this.outage.begin();
    try {
      for (;;) {
        const before = last >= 0n ? await this.reads.before(last, places.length - 1) : [];
        if (before.length === places.length - 1 && before.every(({ id }, index) => id === places[index]?.record.id))
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

  /** An append that nobody answers: it has landed if its events are there. That they are not there tells nothing. */
  private async findOut(places: readonly PlacedRecord[], reason: string): Promise<Outcome> {
    const positions = await answered(this.reads.find(places), findMsMax).catch(() => undefined);
    if (positions) return { positions };
    throw new LogUnavailable(
      `outcome unknown: KurrentDB at ${this.hosts} did not say whether the events were written (${reason}); look before you send them again`,
      retryAfterSeconds,
      { mayBeRecorded: true },
    );
  }

  private nothingWritten(reason: string): LogUnavailable {
    return new LogUnavailable(
      `nothing was written: no leader of KurrentDB at ${this.hosts} takes it (${reason})`,
      retryAfterSeconds,
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

/** By stream: the index of a violation may point past the checks. */
function conflictOf(violations: readonly Violation[], checks: readonly Check[]): Conflict {
  const actual = new Map(violations.map(({ streamName, actualState }) => [streamName, actualState]));
  const conflicts = checks
    .filter(({ stream }) => actual.has(stream))
    .map(({ stream, expect }) => ({ stream, expect, actual: stateOf(stream, actual.get(stream)) }));
  if (conflicts.length > 0) return { conflicts };
  throw new LogUnavailable('KurrentDB refused an append for streams that it has no checks on', null);
}

function stateOf(stream: string, state: bigint | 'no_stream' | undefined): bigint | 'no-stream' {
  if (state === undefined || state === 'no_stream') return 'no-stream';
  if (state >= 0n) return state;
  throw new LogUnavailable(`the stream ${stream} was deleted in KurrentDB; restore it from a backup`, null);
}
