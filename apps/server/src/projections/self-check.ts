import type { Views } from '#views';
import type { Logger } from '../operations/logger.js';
import type { SelfCheckFile, SelfCheckRecord, SelfCheckResult, SelfCheckUnderWay } from './self-check-file.js';

/** A time of day on the server's clock. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/**
 * Compares all projections with what the log makes of them, one after another, at a time of day. It tells, and changes nothing. One that was
 * cut off goes on with the next start.
 */
export class SelfCheck {
  private record: SelfCheckRecord;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly views: Views,
    private readonly logger: Logger,
    private readonly file: SelfCheckFile,
  ) {
    this.record = file.read();
  }

  /** That of an earlier start too. */
  get last(): SelfCheckResult | undefined {
    return this.record.last ?? undefined;
  }

  /** Goes on with one that was cut off, and begins one every day. */
  begin(at: TimeOfDay | undefined): void {
    const { underWay } = this.record;
    if (at === undefined) {
      if (underWay) this.logger.warn(underWay, 'the last self-check was cut off, and none is to follow');
      return;
    }
    if (!underWay) return this.schedule(at);
    this.logger.warn(underWay, 'the last self-check was cut off; it goes on');
    void this.goOn(underWay).finally(() => this.schedule(at));
  }

  /** Undefined where it was closed on the way. */
  async run(): Promise<SelfCheckResult | undefined> {
    const startedAt = new Date().toISOString();
    return await this.goOn({ startedAt, alike: [], differing: [], notCompared: [] });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** Every day from now on. */
  private schedule(at: TimeOfDay): void {
    if (this.closed) return;
    this.timer = setTimeout(
      () => {
        void this.run().finally(() => this.schedule(at));
      },
      msUntil(at, new Date()),
    ).unref();
  }

  private async goOn(begun: SelfCheckUnderWay): Promise<SelfCheckResult | undefined> {
    let so = begun;
    this.keep({ ...this.record, underWay: so });
    const known = new Set([...begun.alike, ...begun.differing, ...begun.notCompared]);
    for (const projection of this.views.names) {
      if (known.has(projection)) continue;
      const found = foundBy(await this.isSame(projection));
      if (this.closed) return undefined;
      so = { ...so, [found]: [...so[found], projection] };
      this.keep({ ...this.record, underWay: so });
    }
    const { startedAt, differing, notCompared } = so;
    const same = differing.length === 0 && notCompared.length === 0;
    const last = { startedAt, finishedAt: new Date().toISOString(), same, differing, notCompared };
    this.keep({ last, underWay: null });
    this.logger[same ? 'info' : 'error'](
      { selfCheck: last },
      same ? 'the views are what the log says' : 'views differ from what the log says, or could not be compared',
    );
    return last;
  }

  private keep(record: SelfCheckRecord): void {
    this.record = record;
    try {
      this.file.write(record);
    } catch (error) {
      this.logger.warn({ err: error }, 'how far the self-check is could not be written: a start would not know of it');
    }
  }

  /** Undefined: it could not be compared. */
  private async isSame(projection: string): Promise<boolean | undefined> {
    try {
      const rebuild =
        this.views.comparison(projection) ?? (await this.views.rebuild([projection], { purpose: 'compare', by: null }));
      await rebuild.ended();
      const status = rebuild.statuses().find((each) => each.projection === projection);
      if (status?.verdict?.same === false)
        this.logger.error(
          { projection, tables: status.verdict.tables.filter(({ same }) => !same) },
          'a view is not what the log says',
        );
      return status?.verdict?.same;
    } catch (error) {
      this.logger.warn({ err: error, projection }, 'a view could not be compared');
      return undefined;
    }
  }
}

function foundBy(same: boolean | undefined): 'alike' | 'differing' | 'notCompared' {
  if (same === undefined) return 'notCompared';
  return same ? 'alike' : 'differing';
}

/** Until the clock next shows that time. Where a change of the clock leaves it out, it is the moment after. */
export function msUntil({ hour, minute }: TimeOfDay, now: Date): number {
  const next = new Date(now);
  next.setHours(hour, minute, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}
