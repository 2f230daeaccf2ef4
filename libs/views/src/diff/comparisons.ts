import type { Database } from 'better-sqlite3';
import { rows } from '../storage/prepared.js';
import { Comparison, type Differing, type Range } from './comparison.js';

const keptMax = 8;
const keptSubjectsMax = 500_000;

/** The comparisons made last on a connection, so that a page costs what it shows, and whoever asks for the same shares the work. */
export class Comparisons {
  private static readonly ofConnection = new WeakMap<Database, Comparisons>();
  /** The one used last comes last. */
  private readonly done = new Map<string, Comparison>();
  private readonly underWay = new Map<string, Comparison>();

  private constructor(
    private readonly db: Database,
    private readonly differing: Differing,
  ) {}

  static of(db: Database, differing: Differing): Comparisons {
    const known = Comparisons.ofConnection.get(db) ?? new Comparisons(db, differing);
    Comparisons.ofConnection.set(db, known);
    return known;
  }

  /** Yields after each slice that is left to do. */
  *between(range: Range): Generator<undefined, Comparison, void> {
    const key = this.keyOf(range);
    for (;;) {
      const done = this.done.get(key);
      if (done) {
        this.done.delete(key);
        this.done.set(key, done);
        return done;
      }
      this.work(key, range);
      if (!this.done.has(key)) yield;
    }
  }

  private work(key: string, range: Range): void {
    const comparison = this.underWay.get(key) ?? new Comparison(range, this.differing);
    this.underWay.set(key, comparison);
    try {
      comparison.step(this.db);
    } catch (error) {
      this.underWay.delete(key);
      comparison.close();
      throw error;
    }
    if (!comparison.isDone) return;
    this.underWay.delete(key);
    this.done.set(key, comparison);
    this.forget();
  }

  /** Those that were not used for longest; never the last one. */
  private forget(): void {
    let subjects = [...this.done.values()].reduce((sum, { total }) => sum + total, 0);
    for (const [key, comparison] of this.done) {
      if (this.done.size === 1 || (this.done.size <= keptMax && subjects <= keptSubjectsMax)) return;
      subjects -= comparison.total;
      this.done.delete(key);
      comparison.close();
    }
  }

  /** A read model that was made anew may tell otherwise, so its files belong to the key. */
  private keyOf({ from, to }: Range): string {
    const files = rows<{ file: string }>(this.db, 'select file from pragma_database_list order by name');
    return JSON.stringify([from, to, ...files.map(({ file }) => file)]);
  }
}
