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
import { closed, codeOf, notFlushed, notWritten } from './sqlite-errors.js';
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

/** Written, and not yet known to be on disk. */
interface Unflushed {
  readonly batch: readonly Waiting[];
  readonly answers: readonly (Appended | Conflict)[];
  readonly records: number;
  readonly head: number;
}

export interface WrittenBatch {
  readonly appends: number;
  readonly records: number;
  readonly characters: number;
  readonly head: Position;
}

/**
 * Group commit: the appends that arrive in one turn of the event loop are checked in order of arrival, inserted and committed by one
 * transaction. They are answered when the disk has it, also those whose checks failed: what they failed on may still be on its way. A flush
 * takes along all that was committed before it began, and the next appends are written meanwhile.
 */
export class BatchWriter {
  private waiting: Waiting[] = [];
  private waitingCharacters = 0;
  private scheduled = false;
  private closed = false;
  private unflushed: Unflushed[] = [];
  private unflushedAppends = 0;
  private flushing = false;
  private flushed: Promise<void> = Promise.resolve();
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
      const ahead = this.waiting.length + this.unflushedAppends;
      if (ahead >= waitingAppendsMax || this.waitingCharacters >= waitingCharactersMax)
        throw new LogUnavailable(`${ahead} appends wait already`, 1);
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
    while (this.waiting.length > 0) this.write();
    await this.flushed;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.write();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private write(): void {
    const batch = this.takeBatch();
    if (batch.length === 0) return;
    const before = this.position;
    try {
      if (this.broken) throw this.broken;
      const answers = this.written(batch);
      this.unflushed.push({ batch, answers, records: this.position - before, head: this.position });
      this.unflushedAppends += batch.length;
    } catch (error) {
      const reason = error === this.broken ? error : notWritten(this.file, error);
      for (const { reject } of batch) reject(reason);
      return;
    }
    if (!this.flushing) this.flushed = this.flush();
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    this.heads.settled = false;
    while (this.unflushed.length > 0) {
      const group = this.unflushed;
      this.unflushed = [];
      // Conflicts alone, with nothing on its way: there is nothing to wait for.
      if (group.some(({ head }) => head > this.flushedPosition)) await this.reachTheDisk();
      for (const each of group) this.answer(each);
    }
    this.heads.settled = true;
    this.flushing = false;
  }

  private async reachTheDisk(): Promise<void> {
    if (this.broken) return;
    try {
      await this.disk.run();
    } catch (error) {
      // Whether the disk has it cannot be found out: a second flush that succeeds would prove nothing.
      this.broken = notFlushed(this.file, error);
    }
  }

  private answer({ batch, answers, records, head }: Unflushed): void {
    this.unflushedAppends -= batch.length;
    const { broken } = this;
    if (broken) {
      for (const { reject } of batch) reject(broken);
      return;
    }
    this.flushedPosition = head;
    if (records > 0) this.announce(batch, answers, records);
    for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer);
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
