import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import {
  type Appended,
  assertAppend,
  type Check,
  type Conflict,
  LogMisuse,
  LogUnavailable,
  type NewRecord,
  type Position,
} from '#event-log';
import type { ClientSlot } from './client-slot.js';
import { closed, type Violation } from './kurrent-errors.js';
import type { KurrentReads } from './kurrent-reads.js';
import { Outage } from './patience.js';
import { assertStorable, placed } from './record.js';
import type { RecordingTurns } from './recording-turns.js';
import { Sender } from './sender.js';
import { type Asked, checksOf, takeTogether } from './together.js';

const underWayMax = 10_000;
const underWayCharactersMax = 256 << 20;
const closeMsMax = 5_000;

/**
 * Takes appends and gives each its own answer. Those that come while enough calls are in flight wait and share the next one: a call costs the
 * client and the server much more than a record in it. Where a check of one fails, it has its conflict, and the others are sent again.
 */
export class Appender {
  private readonly outage: Outage;
  private readonly sender: Sender;
  private readonly waiting: Asked[] = [];
  private isSending = false;
  private underWay = 0;
  private underWayCharacters = 0;
  private idle = Promise.withResolvers<void>();
  private closing = false;

  constructor(
    slot: ClientSlot,
    hosts: string,
    reads: KurrentReads,
    private readonly turns: RecordingTurns,
    patienceMs?: number,
  ) {
    this.outage = new Outage(patienceMs);
    this.sender = new Sender(slot, hosts, reads, this.outage);
  }

  async append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    assertAppend(records, checks);
    assertStorable(records, checks);
    if (this.closing) throw closed();
    if (this.underWay >= underWayMax || this.underWayCharacters >= underWayCharactersMax)
      throw new LogUnavailable(`nothing was written: ${this.underWay} appends wait already`, 1);
    let characters = 0;
    for (const { data, meta } of records) characters += data.length + meta.length;
    const answer = Promise.withResolvers<Appended | Conflict>();
    const patience = this.outage.begin();
    this.underWay++;
    this.underWayCharacters += characters;
    try {
      this.enqueue([{ places: placed(records, checks), checks, characters, patience, answer, alone: false }]);
      return await answer.promise;
    } finally {
      this.underWay--;
      this.underWayCharacters -= characters;
      if (this.closing && this.underWay === 0) this.idle.resolve();
    }
  }

  /** Takes no more; what is under way is answered first, if that comes soon. */
  async close(): Promise<void> {
    this.closing = true;
    this.sender.stop();
    if (this.underWay > 0) await Promise.race([this.idle.promise, sleep(closeMsMax, undefined, { ref: false })]);
    this.sender.close();
  }

  private enqueue(asked: readonly Asked[]): void {
    this.waiting.push(...asked);
    if (!this.isSending) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    // What comes in the same turn of the event loop goes together.
    await setImmediate();
    while (this.waiting.length > 0) {
      const recordedAt = await this.turns.enter();
      void this.sendTogether(takeTogether(this.waiting), recordedAt);
    }
    this.isSending = false;
  }

  private async sendTogether(together: readonly Asked[], recordedAt: string): Promise<void> {
    const places = together.flatMap((asked) => asked.places);
    const characters = together.reduce((sum, asked) => sum + asked.characters, 0);
    // Of those that wait, the first one has waited longest.
    const [{ patience } = { patience: this.outage.begin() }] = together;
    try {
      const outcome = await this.inTurn(() => {
        if (patience.isOver) throw this.sender.nothingWritten('others wait for an answer');
        return this.sender.send({ places, checks: checksOf(together), characters, recordedAt }, patience);
      });
      if ('violations' in outcome) return this.violated(together, outcome.violations);
      const positions = 'last' in outcome ? await this.sender.positions(places, outcome.last) : outcome.positions;
      landed(together, positions, recordedAt);
    } catch (error) {
      this.failed(together, error);
    }
  }

  private async inTurn<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } finally {
      this.turns.leave();
    }
  }

  private violated(together: readonly Asked[], violations: readonly Violation[]): void {
    const others: Asked[] = [];
    for (const asked of together) {
      const { answer, checks } = asked;
      try {
        const conflict = conflictOf(violations, checks);
        if (conflict) answer.resolve(conflict);
        else others.push(asked);
      } catch (error) {
        answer.reject(error);
      }
    }
    if (others.length < together.length) return this.enqueue(others);
    const error = new LogUnavailable('KurrentDB refused an append for streams that it has no checks on', null);
    for (const { answer } of others) answer.reject(error);
  }

  /** Those of which nothing was written are sent again where that may help: without the others, or because they have not waited as long. */
  private failed(together: readonly Asked[], error: unknown): void {
    const isMisuse = error instanceof LogMisuse && together.length > 1;
    const isOutage = error instanceof LogUnavailable && error.retryAfterSeconds !== null && !error.mayBeRecorded;
    const again: Asked[] = [];
    for (const asked of together) {
      if (isMisuse) asked.alone = true;
      if (isMisuse || (isOutage && !this.closing && !asked.patience.isOver)) again.push(asked);
      else asked.answer.reject(error);
    }
    this.enqueue(again);
  }
}

function landed(together: readonly Asked[], positions: readonly Position[], recordedAt: string): void {
  let at = 0;
  for (const { places, answer } of together) {
    const own = positions.slice(at, (at += places.length));
    answer.resolve({ positions: own, revisions: places.map(({ revision }) => revision), recordedAt });
  }
}

/** By stream: the index of a violation may point past the checks. Undefined where none of these checks failed. */
function conflictOf(violations: readonly Violation[], checks: readonly Check[]): Conflict | undefined {
  const actual = new Map(violations.map(({ streamName, actualState }) => [streamName, actualState]));
  const conflicts = checks
    .filter(({ stream }) => actual.has(stream))
    .map(({ stream, expect }) => ({ stream, expect, actual: stateOf(stream, actual.get(stream)) }));
  return conflicts.length > 0 ? { conflicts } : undefined;
}

function stateOf(stream: string, state: bigint | 'no_stream' | undefined): bigint | 'no-stream' {
  if (state === undefined || state === 'no_stream') return 'no-stream';
  if (state >= 0n) return state;
  throw new LogUnavailable(`the stream ${stream} was deleted in KurrentDB; restore it from a backup`, null);
}
