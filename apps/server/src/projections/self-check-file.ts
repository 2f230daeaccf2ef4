import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a check has found; for anybody, so it names no rows. */
export interface SelfCheckResult {
  /** UTC, ISO 8601 */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Every projection was compared and is what the log makes of it. */
  readonly same: boolean;
  /** Projections that are not. */
  readonly differing: readonly string[];
  /** Projections that could not be compared, because one was being rebuilt or stopped on the way. */
  readonly notCompared: readonly string[];
}

/** How far a check has come. */
export interface SelfCheckUnderWay extends Pick<SelfCheckResult, 'startedAt' | 'differing' | 'notCompared'> {
  /** Projections that are what the log makes of them. */
  readonly alike: readonly string[];
}

export interface SelfCheckRecord {
  readonly last: SelfCheckResult | null;
  /** Null: none was cut off. */
  readonly underWay: SelfCheckUnderWay | null;
}

const nothing: SelfCheckRecord = { last: null, underWay: null };

/** Where self-checks are kept in the data folder, so that a start knows of those before it. Made from the log like the views, and as disposable. */
export class SelfCheckFile {
  private readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'views-self-check.json');
  }

  /** Nothing where there is none, or it is not as it was written. */
  read(): SelfCheckRecord {
    if (!existsSync(this.path)) return nothing;
    try {
      const { last = null, underWay = null } = JSON.parse(readFileSync(this.path, 'utf8')) as Partial<SelfCheckRecord>;
      return { last, underWay };
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof TypeError) return nothing;
      throw error;
    }
  }

  write(record: SelfCheckRecord): void {
    const unfinished = `${this.path}.part`;
    writeFileSync(unfinished, JSON.stringify(record));
    renameSync(unfinished, this.path);
  }
}
