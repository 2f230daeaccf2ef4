import type { Views } from '#views';
import type { Logger } from '../operations/logger.js';

/** A time of day on the server's clock. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** What the last check has found; for anybody, so it names no rows. */
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

/** Compares all projections with what the log makes of them, one after another, at a time of day. It tells, and changes nothing. */
export class SelfCheck {
  last: SelfCheckResult | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly views: Views,
    private readonly logger: Logger,
  ) {}

  /** Every day from now on. */
  schedule(at: TimeOfDay): void {
    if (this.closed) return;
    this.timer = setTimeout(
      () => {
        void this.run().finally(() => this.schedule(at));
      },
      msUntil(at, new Date()),
    ).unref();
  }

  async run(): Promise<SelfCheckResult> {
    const startedAt = new Date().toISOString();
    const differing: string[] = [];
    const notCompared: string[] = [];
    for (const projection of this.views.names) {
      const same = await this.isSame(projection);
      if (this.closed) break;
      if (same === undefined) notCompared.push(projection);
      else if (!same) differing.push(projection);
    }
    const same = differing.length === 0 && notCompared.length === 0;
    this.last = { startedAt, finishedAt: new Date().toISOString(), same, differing, notCompared };
    if (!this.closed)
      this.logger[same ? 'info' : 'error'](
        { selfCheck: this.last },
        same ? 'the views are what the log says' : 'views differ from what the log says, or could not be compared',
      );
    return this.last;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** Undefined: it could not be compared. */
  private async isSame(projection: string): Promise<boolean | undefined> {
    try {
      const rebuild = await this.views.rebuild([projection], { purpose: 'compare', by: null });
      await rebuild.ended();
      const [status] = rebuild.statuses();
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

/** Until the clock next shows that time. Where a change of the clock leaves it out, it is the moment after. */
export function msUntil({ hour, minute }: TimeOfDay, now: Date): number {
  const next = new Date(now);
  next.setHours(hour, minute, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}
