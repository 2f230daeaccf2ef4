import type Database from 'better-sqlite3';
import {
  type Appended,
  assertAppend,
  beforeFirst,
  type Check,
  type Conflict,
  LogUnavailable,
  type NewRecord,
  type Position,
  type RecordedEvent,
  type Revision,
  storedText,
} from '#event-log';
import { EventInserts } from './event-inserts.js';
import { brokenBy, closed, codeOf, notFlushed, notWritten } from './sqlite-errors.js';
import type { StreamHeads } from './stream-heads.js';
import type { WriteAheadFlush } from './write-ahead-flush.js';

const batchCharactersMax = 16 << 20;
const batchAppendsMax = 2000;
const waitingCharactersMax = 256 << 20;
const waitingAppendsMax = 50_000;
/** Larger appends are not searched for which streams they write. */
const presumedRecordsMax = 8;

interface Waiting {
  readonly records: readonly NewRecord[];
  readonly checks: readonly Check[];
  readonly characters: number;
  readonly resolve: (answer: Appended | Conflict) => void;
  readonly reject: (error: unknown) => void;
}

export interface WrittenBatch {
  readonly appends: number;
  readonly records: number;
  readonly characters: number;
  readonly head: Position;
}

/**
 * Group commit: the appends that arrive while the one before is on its way to the disk are checked in order of arrival, inserted and
 * committed by one transaction, and answered when the disk has it. Meanwhile the event loop goes on.
 */
export class BatchWriter {
  private waiting: Waiting[] = [];
  private waitingCharacters = 0;
  private scheduled = false;
  private closed = false;
  /** The batch that is on its way to the disk. */
  private flushing: Promise<void> | undefined;
  /** Why nothing is written any more. */
  private broken: LogUnavailable | undefined;
  private position: number;
  private flushedPosition: number;
  private recordedAt: string;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;
  private readonly inserts: EventInserts;

  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
    last: RecordedEvent | undefined,
    private readonly clock: () => string,
    private readonly heads: StreamHeads,
    private readonly disk: WriteAheadFlush,
    /** When a batch that wrote something is on disk, before its appends are answered. */
    private readonly onWritten: (batch: WrittenBatch) => void,
  ) {
    this.position = this.flushedPosition = Number(last?.position ?? 0);
    this.recordedAt = last?.recordedAt ?? '';
    this.begin = db.prepare('begin immediate');
    this.commit = db.prepare('commit');
    this.inserts = new EventInserts(db);
  }

  /** Of what is on disk. */
  get head(): Position {
    return this.flushedPosition === 0 ? beforeFirst : BigInt(this.flushedPosition);
  }

  append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    return new Promise((resolve, reject) => {
      assertAppend(records, checks);
      if (this.closed) throw closed();
      if (this.broken) throw this.broken;
      if (this.waiting.length >= waitingAppendsMax || this.waitingCharacters >= waitingCharactersMax)
        throw new LogUnavailable(`${this.waiting.length} appends wait already`, 1);
      let characters = 0;
      for (const { data, meta } of records) characters += data.length + meta.length;
      this.waiting.push({ records, checks, characters, resolve, reject });
      this.waitingCharacters += characters;
      this.schedule();
    });
  }

  /** Writes what waits, resolves when it is answered, and takes no more. */
  async close(): Promise<void> {
    this.closed = true;
    for (await this.flushing; this.waiting.length > 0; await this.flushing) this.write();
  }

  private schedule(): void {
    if (this.scheduled || this.flushing) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (!this.flushing) this.write();
    });
  }

  private write(): void {
    const batch = this.takeBatch();
    if (batch.length === 0) return;
    const before = this.position;
    try {
      if (this.broken) throw this.broken;
      const answers = this.written(batch);
      if (this.position > before) this.flushing = this.flush(batch, answers, this.position - before);
      else answer(batch, answers);
    } catch (error) {
      const reason = error === this.broken ? error : notWritten(this.file, error);
      for (const { reject } of batch) reject(reason);
    }
    if (this.waiting.length > 0) this.schedule();
  }

  private async flush(
    batch: readonly Waiting[],
    answers: readonly (Appended | Conflict)[],
    records: number,
  ): Promise<void> {
    const failure = await this.disk.run().then(
      () => undefined,
      (error: unknown) => notFlushed(this.file, error),
    );
    this.flushing = undefined;
    if (failure) {
      // Whether the disk has it cannot be found out: a second flush that succeeds would prove nothing.
      this.broken = brokenBy(failure);
      for (const { reject } of batch) reject(failure);
    } else {
      this.flushedPosition = this.position;
      this.announce(batch, answers, records);
      answer(batch, answers);
    }
    if (this.waiting.length > 0) this.schedule();
  }

  private takeBatch(): readonly Waiting[] {
    let characters = 0;
    let end = 0;
    for (const append of this.waiting) {
      if (end === batchAppendsMax || (end > 0 && characters + append.characters > batchCharactersMax)) break;
      characters += append.characters;
      end++;
    }
    this.waitingCharacters -= characters;
    return this.waiting.splice(0, end);
  }

  private written(batch: readonly Waiting[]): readonly (Appended | Conflict)[] {
    try {
      return this.transaction(batch, true);
    } catch (error) {
      if (codeOf(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
      // A stream that was taken for new is not: now every stream is looked up.
      return this.transaction(batch, false);
    }
  }

  private transaction(batch: readonly Waiting[], presuming: boolean): readonly (Appended | Conflict)[] {
    const { position, recordedAt } = this;
    try {
      const now = this.clock();
      if (now > recordedAt) this.recordedAt = now;
      this.begin.run();
      const answers = batch.map((append) => this.decide(append, presuming));
      this.inserts.run();
      this.commit.run();
      this.heads.age();
      return answers;
    } catch (error) {
      this.position = position;
      this.recordedAt = recordedAt;
      this.inserts.forget();
      this.heads.forget();
      // SQLite has rolled back already after some failures, such as a full disk.
      if (this.db.inTransaction) this.db.exec('rollback');
      throw error;
    }
  }

  private decide({ records, checks }: Waiting, presuming: boolean): Appended | Conflict {
    const presumed = presuming && records.length <= presumedRecordsMax ? records : [];
    const conflict = this.conflict(checks, presumed);
    if (!conflict) return this.record(records);
    return presumed.length > 0 ? (this.conflict(checks, []) ?? conflict) : conflict;
  }

  /**
   * Every check that fails. A stream of `presumed` that is to be new and is not remembered is taken for new without a look into the
   * file: if it is not, the unique index refuses the insert. The look-up would cost twice as much as the insert.
   */
  private conflict(checks: readonly Check[], presumed: readonly NewRecord[]): Conflict | undefined {
    let conflicts: { stream: string; expect: Check['expect']; actual: Revision | 'no-stream' }[] | undefined;
    for (const { stream, expect } of checks) {
      const remembered = this.heads.remembered(stream);
      if (remembered === undefined && expect === 'no-stream' && presumed.some((record) => record.stream === stream))
        continue;
      const head = remembered ?? this.heads.of(stream);
      if (expect === 'exists' ? head >= 0 : head === (expect === 'no-stream' ? -1 : Number(expect))) continue;
      conflicts ??= [];
      conflicts.push({ stream, expect, actual: head < 0 ? 'no-stream' : BigInt(head) });
    }
    return conflicts && { conflicts };
  }

  /** After the checks have passed: a stream that is not remembered now was taken for new. */
  private record(records: readonly NewRecord[]): Appended {
    const positions: Position[] = [];
    const revisions: Revision[] = [];
    const { recordedAt } = this;
    for (const record of records) {
      const head = (this.heads.remembered(record.stream) ?? -1) + 1;
      const revision = BigInt(head);
      this.position++;
      this.inserts.add(this.position, record.stream, head, storedText(record, revision, recordedAt));
      this.heads.moved(record.stream, head);
      positions.push(BigInt(this.position));
      revisions.push(revision);
    }
    return { positions, revisions, recordedAt };
  }

  private announce(batch: readonly Waiting[], answers: readonly (Appended | Conflict)[], records: number): void {
    let appends = 0;
    let characters = 0;
    for (const [index, { conflicts }] of answers.entries()) {
      if (conflicts) continue;
      appends++;
      characters += batch[index]?.characters ?? 0;
    }
    this.onWritten({ appends, records, characters, head: this.head });
  }
}

function answer(batch: readonly Waiting[], answers: readonly (Appended | Conflict)[]): void {
  for (const [index, each] of answers.entries()) batch[index]?.resolve(each);
}
