import type Database from 'better-sqlite3';

/** Of each generation. */
const rememberedMax = 20_000;

/** The head of a stream without events. */
export const absent = -1;

/**
 * The last revision of every stream; -1 where it has no events. Remembers those used last: no other process writes the file.
 * Two generations instead of a list in order of use: a look-up costs a tenth of what it saves.
 */
export class StreamHeads {
  private recent = new Map<string, number>();
  private older = new Map<string, number>();
  private readonly stored: Database.Statement<[string], number>;

  constructor(db: Database.Database) {
    this.stored = db
      .prepare<[string], number>('select revision from events where stream = ? order by revision desc limit 1')
      .pluck();
  }

  /** Undefined where only the file knows. */
  remembered(stream: string): number | undefined {
    const head = this.recent.get(stream);
    if (head !== undefined) return head;
    const older = this.older.get(stream);
    if (older !== undefined) this.moved(stream, older);
    return older;
  }

  of(stream: string): number {
    const remembered = this.remembered(stream);
    if (remembered !== undefined) return remembered;
    const head = this.stored.get(stream) ?? absent;
    this.moved(stream, head);
    return head;
  }

  /** What a read of the file has seen; what is remembered may be newer. */
  found(stream: string, head: number): void {
    if (this.remembered(stream) === undefined) this.moved(stream, head);
  }

  moved(stream: string, head: number): void {
    this.recent.set(stream, head);
  }

  /** Between batches only: within one, a head that is not in the file yet must not be lost. */
  age(): void {
    if (this.recent.size < rememberedMax) return;
    this.older = this.recent;
    this.recent = new Map();
  }

  /** After events were taken back. */
  forget(): void {
    this.recent.clear();
    this.older.clear();
  }
}
