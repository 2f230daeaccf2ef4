import { crc32 } from 'node:zlib';
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
import { insertEvent } from './log-file.js';
import { closed, codeOf, notWritten } from './sqlite-errors.js';
import { StreamHeads } from './stream-heads.js';

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
 * Group commit: the appends that arrive in one turn of the event loop are checked and inserted in order of arrival, committed by one
 * transaction and only then answered. The transaction begins and ends within one turn, so nobody on this thread can read
 * what is not committed, on this connection either.
 */
export class BatchWriter {
  private waiting: Waiting[] = [];
  private waitingCharacters = 0;
  private scheduled = false;
  private closed = false;
  private position: number;
  private recordedAt: string;
  private readonly heads: StreamHeads;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;
  private readonly insert: Database.Statement<[number, string, number, number, string]>;
  private readonly deleteAfter: Database.Statement<[number]>;

  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
    last: RecordedEvent | undefined,
    private readonly clock: () => string,
    private readonly onWritten: (batch: WrittenBatch) => void,
  ) {
    this.position = Number(last?.position ?? 0);
    this.recordedAt = last?.recordedAt ?? '';
    this.heads = new StreamHeads(db);
    this.begin = db.prepare('begin immediate');
    this.commit = db.prepare('commit');
    this.insert = db.prepare(insertEvent);
    this.deleteAfter = db.prepare('delete from events where position > ?');
  }

  get head(): Position {
    return this.position === 0 ? beforeFirst : BigInt(this.position);
  }

  append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    return new Promise((resolve, reject) => {
      assertAppend(records, checks);
      if (this.closed) throw closed();
      if (this.waiting.length >= waitingAppendsMax || this.waitingCharacters >= waitingCharactersMax)
        throw new LogUnavailable(`${this.waiting.length} appends wait already`, 1);
      let characters = 0;
      for (const { data, meta } of records) characters += data.length + meta.length;
      this.waiting.push({ records, checks, characters, resolve, reject });
      this.waitingCharacters += characters;
      this.schedule();
    });
  }

  /** Writes what waits and takes no more. */
  close(): void {
    this.closed = true;
    while (this.waiting.length > 0) this.flush();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private flush(): void {
    const batch = this.takeBatch();
    if (batch.length === 0) return;
    const { position, recordedAt } = this;
    let answers: (Appended | Conflict)[];
    try {
      answers = this.write(batch);
    } catch (error) {
      this.position = position;
      this.recordedAt = recordedAt;
      this.rollBack();
      const reason = notWritten(this.file, error);
      for (const { reject } of batch) reject(reason);
      return;
    }
    for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer);
    if (this.position > position) this.announce(batch, answers, this.position - position);
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

  private write(batch: readonly Waiting[]): (Appended | Conflict)[] {
    const now = this.clock();
    if (now > this.recordedAt) this.recordedAt = now;
    this.begin.run();
    const answers = batch.map((append) => this.decide(append));
    this.commit.run();
    return answers;
  }

  /** SQLite has rolled back already after some failures (a full disk). */
  private rollBack(): void {
    this.heads.forget();
    if (this.db.inTransaction) this.db.exec('rollback');
  }

  private decide({ records, checks }: Waiting): Appended | Conflict {
    const before = this.position;
    const presuming = records.length <= presumedRecordsMax;
    if (this.conflict(checks, presuming ? records : [])) return this.conflictFor(checks);
    try {
      return this.record(records, presuming);
    } catch (error) {
      if (codeOf(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
      this.takeBack(before);
      return this.conflictFor(checks);
    }
  }

  private conflictFor(checks: readonly Check[]): Conflict {
    const conflict = this.conflict(checks, []);
    if (!conflict) throw new Error('the index and the heads of the streams disagree');
    return conflict;
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

  /** Inserts after the checks have passed. */
  private record(records: readonly NewRecord[], presuming: boolean): Appended {
    const positions: Position[] = [];
    const revisions: Revision[] = [];
    const { recordedAt } = this;
    for (const record of records) {
      const head = (this.heads.remembered(record.stream) ?? (presuming ? -1 : this.heads.of(record.stream))) + 1;
      const revision = BigInt(head);
      const text = storedText(record, revision, recordedAt);
      this.insert.run(this.position + 1, record.stream, head, crc32(text), text);
      this.position++;
      this.heads.moved(record.stream, head);
      positions.push(BigInt(this.position));
      revisions.push(revision);
    }
    return { positions, revisions, recordedAt };
  }

  /** Undoes what the append at hand has inserted so far; its batch mates stay. */
  private takeBack(position: number): void {
    this.deleteAfter.run(position);
    this.position = position;
    this.heads.forget();
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
