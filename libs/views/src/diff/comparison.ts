import Database from 'better-sqlite3';
import type { Database as Connection } from 'better-sqlite3';
import { touchedFrom } from './changes-projection.js';

/** What one slice takes: some milliseconds. */
const stretchesPerSlice = 128;
const subjectsPerSlice = 250;

export interface Range {
  /** Positions. */
  readonly from: number;
  readonly to: number;
}

/** Of these subjects, those of which a recorded fact differs. */
export type Differing = (db: Connection, range: Range, subjects: readonly string[]) => readonly string[];

/**
 * The subjects, ignoring case, of which a recorded fact differs between two positions; found a slice at a time. What stood at a position
 * never changes, so the slices may read at different moments. The names are kept outside of the JavaScript heap: they can be a million.
 */
export class Comparison {
  private readonly found = new Database(':memory:');
  private readonly insert;
  private readonly remove;
  private readonly some;
  /** The touched ones are gathered up to here; undefined once all are. */
  private gathered: number | undefined;
  /** They are compared up to here; undefined once all are. */
  private compared: string | undefined = '';
  /** Of those that differ; not known before the end. */
  total = 0;

  constructor(
    readonly range: Range,
    private readonly differing: Differing,
  ) {
    this.gathered = range.from;
    this.found.exec('create table subject (subject text primary key) without rowid');
    // A list at a time: a call for each name takes three times as long.
    this.insert = this.found.prepare('insert or ignore into subject select value from json_each(?)');
    this.remove = this.found.prepare('delete from subject where subject in (select value from json_each(?))');
    this.some = this.found.prepare('select subject from subject where subject > ? order by subject limit ?').pluck();
  }

  get isDone(): boolean {
    return this.compared === undefined;
  }

  /** The next slice. */
  step(db: Connection): void {
    this.found.transaction(() => {
      if (this.gathered !== undefined) this.gathered = this.gather(db, this.gathered);
      if (this.gathered === undefined) this.compare(db);
    })();
  }

  /** The next ones after this one, in order. */
  after(subject: string, limit: number): readonly string[] {
    return this.some.all(subject, limit) as string[];
  }

  close(): void {
    this.found.close();
  }

  private gather(db: Connection, after: number): number | undefined {
    const { lists, through } = touchedFrom(db, after, this.range.to, stretchesPerSlice);
    for (const list of lists) this.insert.run(list);
    return through;
  }

  private compare(db: Connection): void {
    const candidates = this.after(this.compared ?? '', subjectsPerSlice);
    const differing = new Set(this.differing(db, this.range, candidates));
    const others = candidates.filter((subject) => !differing.has(subject));
    if (others.length > 0) this.remove.run(JSON.stringify(others));
    this.total += differing.size;
    this.compared = candidates.length < subjectsPerSlice ? undefined : candidates.at(-1);
  }
}
