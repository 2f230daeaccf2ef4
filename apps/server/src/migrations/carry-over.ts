import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { carryOver, contentStream, takeBackNext } from '#content';
import type { CommandShell, EventLogReader, UnitOfWork } from '#event-log';
import { write } from '#kernel';
import { carryOverQueue, type CarryOverTask, type Migration, migrationStream } from '#migration';
import { claimPace, SignsOfLife } from '#runs';
import { BatchMeta, carrier } from './batch-meta.js';
import { PlanOfSource } from './plan-of-source.js';

export interface CarryOverOptions {
  readonly shell: CommandShell;
  readonly log: EventLogReader;
  /** How often it looks for what has become due. */
  readonly pollMs: number;
  /** What another node works on is taken up after it has done nothing about it for so long. */
  readonly silentMs?: number;
  /** A migration's content could not be carried on just now; it will be tried again. */
  readonly onTrouble: (migration: string | null, error: unknown, retryInSeconds: number) => void;
}

export interface CarryOverStatus {
  readonly state: 'idle' | 'working' | 'failing';
  /** Migrations whose content is on its way. */
  readonly due: number;
}

const retrySecondsMax = 60;
/** As long as for a run: see decision 19. */
const { silentMs: silentMsDefault } = claimPace;
const closeSecondsMax = 5;

/** The batch that a node records next; unknown as long as it has recorded none. */
interface Turn {
  next: number | undefined;
}

/**
 * Answers an import by carrying the source's content over into the target, and a rollback by taking it back out, in batches. What is
 * due stands in a stream of the log, written in the same append as the event that it answers; how far it has come stands in the
 * target's own content. So nothing is forgotten or doubled, whatever ends the process and whichever node goes on. Where several work on the same,
 * the one whose batch comes second leaves it to the other.
 */
export class CarryOver {
  private readonly closing = new AbortController();
  private readonly plans = new PlanOfSource();
  private ended: Promise<void> = Promise.resolve();
  private failures = 0;
  private due = 0;
  private isWorking = false;
  /** Of what other nodes work on. */
  private readonly signs: SignsOfLife;

  constructor(private readonly options: CarryOverOptions) {
    this.signs = new SignsOfLife(options.pollMs);
  }

  get status(): CarryOverStatus {
    return { state: this.failures > 0 ? 'failing' : this.isWorking ? 'working' : 'idle', due: this.due };
  }

  start(): void {
    this.ended = this.follow();
  }

  /** Lets the batch under way end; the next start goes on behind it. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.race([this.ended, sleep(closeSecondsMax * 1000, undefined, { ref: false })]);
  }

  private async follow(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const failed = await this.workOff();
      this.failures = failed ? this.failures + 1 : 0;
      const waitMs = failed ? this.retrySeconds * 1000 : this.options.pollMs;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private get retrySeconds(): number {
    return Math.min(2 ** Math.max(this.failures - 1, 0), retrySecondsMax);
  }

  /** Everything that is due now, one after another; one that fails keeps none of the others waiting. */
  private async workOff(): Promise<boolean> {
    const { shell, onTrouble } = this.options;
    let migration: string | null = null;
    let failed = false;
    try {
      const queue = await shell.begin(carrier, false).load(carryOverQueue);
      this.due = queue.size;
      this.isWorking = queue.size > 0;
      this.signs.keepOnly(new Set(queue.keys()));
      for (const [each, task] of queue) {
        migration = each;
        if (this.closing.signal.aborted) break;
        failed = !(await this.isSettled(each, task)) || failed;
      }
    } catch (error) {
      if (!this.closing.signal.aborted) onTrouble(migration, error, this.retrySeconds);
      failed = true;
    }
    this.isWorking = false;
    return failed;
  }

  /** Settled, or left to another node. */
  private async isSettled(migration: string, task: CarryOverTask): Promise<boolean> {
    const { shell, log, onTrouble } = this.options;
    try {
      if (await this.isOthers(migration, task)) return true;
      const meta = await BatchMeta.of(log, migration, task);
      const turn: Turn = { next: undefined };
      for (let isMore = true; isMore && !this.closing.signal.aborted;) {
        const { value } = await shell.batch(carrier, (unit) => this.batch(unit, migration, task, meta, turn));
        if (value === 'others') return true;
        isMore = value === 'more';
        if (turn.next !== undefined) turn.next++;
        // Single commands go between two batches.
        await nextTurn();
      }
      this.due--;
      return true;
    } catch (error) {
      if (!this.closing.signal.aborted) onTrouble(migration, error, this.retrySeconds);
      return false;
    }
  }

  /** Another node has worked on it, and still does as far as can be told from here. */
  private async isOthers(migration: string, task: CarryOverTask): Promise<boolean> {
    if (!this.signs.isWatched(migration)) return false;
    const { shell, silentMs = silentMsDefault } = this.options;
    const unit = shell.begin(carrier, false);
    const run = await unit.load(migrationStream(migration));
    const event = run && (await this.next(unit, migration, task, run));
    const silent = this.signs.silentMs(migration, `${task} ${event?.data.batch}`, performance.now());
    if (silent < silentMs) return true;
    this.signs.forget(migration);
    return false;
  }

  /** Whether another batch is left once this one is on record. */
  private async batch(
    unit: UnitOfWork,
    migration: string,
    task: CarryOverTask,
    meta: BatchMeta,
    turn: Turn,
  ): Promise<'more' | 'none' | 'others'> {
    const run = await unit.load(migrationStream(migration));
    if (!run || (await unit.load(carryOverQueue)).get(migration) !== task) return 'none';
    const event = await this.next(unit, migration, task, run);
    const batch = event?.data.batch ?? 0;
    if (event && turn.next !== undefined && turn.next !== batch) {
      this.signs.silentMs(migration, `${task} ${batch}`, performance.now());
      return 'others';
    }
    if (event) {
      turn.next = batch;
      await unit.record(write(contentStream(run.target), event), meta.ofBatch(batch));
    }
    if (event && event.data.remaining > 0) return 'more';
    await unit.record(
      write(carryOverQueue, { type: 'CarryOverSettled', data: { migration, task } }),
      meta.ofBatch(batch),
    );
    return 'none';
  }

  /** The batch that is to come. */
  private async next(
    unit: UnitOfWork,
    migration: string,
    task: CarryOverTask,
    run: NonNullable<Migration>,
  ): Promise<ReturnType<typeof carryOver> | ReturnType<typeof takeBackNext>> {
    const target = await unit.load(contentStream(run.target));
    if (task === 'take-back') return takeBackNext(target, run);
    return carryOver(target, { ...run, all: this.plans.of(migration, await unit.load(contentStream(run.source))) });
  }
}
