import type { Database } from 'better-sqlite3';
import type { FindingRecord, FindingRecords, KnownMigration } from '#migration';
import { row, rows } from '../storage/prepared.js';
import { offendersMax } from '../estate/content-at.js';
import type { Said, SaidOfSteps } from './migrations-projection.js';

export interface RunAt {
  readonly run: KnownMigration;
  readonly said: SaidOfSteps;
}

/** What a migration has carried over, as far as it has come. */
export interface ProgressAt {
  /** Where it last came further, or was imported; -1 before that. */
  readonly position: number;
  /** Things that later batches deal with; null before the first one. */
  readonly remaining: number | null;
  readonly categories: number;
  readonly rooms: number;
  readonly addIns: number;
  readonly clashes: number;
  /** Those of the clashes that are rooms of the source: they were not carried over. */
  readonly leftOut: number;
}

const holds = 'valid_from <= @at and valid_to > @at';
const nothing: ProgressAt = {
  position: -1,
  remaining: null,
  categories: 0,
  rooms: 0,
  addIns: 0,
  clashes: 0,
  leftOut: 0,
};

/** Migrations, and what was said of findings, as of a position. */
export class MigrationsAt {
  private all: readonly RunAt[] | undefined;
  private readonly progressAsked = new Map<string, ProgressAt>();

  constructor(
    readonly db: Database,
    readonly at: number,
  ) {}

  /** By id. There are as many as legacy deployments, and a few that were rolled back. */
  runs(): readonly RunAt[] {
    this.all ??= this.rows<{ run: string; said: string }>(
      `select run, said from migrations.run where ${holds} order by migration`,
    ).map(({ run, said }) => ({ run: JSON.parse(run) as KnownMigration, said: JSON.parse(said) as SaidOfSteps }));
    return this.all;
  }

  run(migration: string): RunAt | undefined {
    return this.runs().find(({ run }) => run.migration === migration);
  }

  /** The run of which a deployment is the source, and that is not rolled back. */
  runOf(deployment: string): KnownMigration | undefined {
    return this.runs().find(({ run }) => run.source === deployment && run.closed !== 'rolled-back')?.run;
  }

  /** The run that holds a deployment stopped as its target. */
  heldBy(deployment: string): string | null {
    const holder = this.runs().find(({ run }) => run.target === deployment && run.targetStopped && run.closed === null);
    return holder?.run.migration ?? null;
  }

  endpoint(uri: string): { readonly deployment: string; readonly said: Said } | undefined {
    const found = this.row<{ deployment: string; said: string }>(
      `select deployment, said from migrations.endpoint where uri = @uri and ${holds}`,
      { uri },
    );
    return found && { deployment: found.deployment, said: JSON.parse(found.said) as Said };
  }

  progress(migration: string): ProgressAt {
    const known = this.progressAsked.get(migration);
    if (known) return known;
    const found =
      this.row<ProgressAt>(
        `select valid_from as position, remaining, categories, rooms, add_ins as addIns, clashes,
           left_out as leftOut from migrations.progress
         where migration = @migration and ${holds}`,
        { migration },
      ) ?? nothing;
    this.progressAsked.set(migration, found);
    return found;
  }

  /** What of the target was overwritten, and rooms of the source that a category kept out: the first of them. */
  clashes(migration: string): readonly string[] {
    const max = Math.min(this.progress(migration).clashes, offendersMax);
    return this.rows<{ subject: string }>(
      'select subject from migrations.clash where migration = @migration and n <= @max order by n',
      { migration, max },
    ).map(({ subject }) => subject);
  }

  /** What was said of a subject's findings. */
  records(subject: string): FindingRecords {
    const found = this.rows<{ finding: string; record: string }>(
      `select finding, record from migrations.finding where subject = @subject and ${holds}`,
      { subject },
    );
    return new Map(found.map(({ finding, record }) => [finding, JSON.parse(record) as FindingRecord]));
  }

  /** What was said of this finding, by subject. */
  recordsOf(finding: string): FindingRecords {
    const found = this.rows<{ subject: string; record: string }>(
      `select subject, record from migrations.finding where finding = @finding and valid_to > @at and valid_from <= @at`,
      { finding },
    );
    return new Map(found.map(({ subject, record }) => [subject, JSON.parse(record) as FindingRecord]));
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it selects
  private rows<Row>(sql: string, parameters: Readonly<Record<string, unknown>> = {}): readonly Row[] {
    return rows<Row>(this.db, sql, { ...parameters, at: this.at });
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it selects
  private row<Row>(sql: string, parameters: Readonly<Record<string, unknown>>): Row | undefined {
    return row<Row>(this.db, sql, { ...parameters, at: this.at });
  }
}
