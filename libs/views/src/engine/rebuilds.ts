import { randomUUID } from 'node:crypto';
import type { RebuildOrder } from './messages.js';
import { CannotCancel, RebuildRunning } from '../errors.js';
import { RebuildJob, type RebuildSite, type RebuildStatus } from './rebuild-job.js';

/** The rebuilds that run, and the last one of each projection. */
export class Rebuilds {
  private readonly running = new Set<RebuildJob>();
  private readonly lastOf = new Map<string, RebuildJob>();
  private closed = false;

  constructor(private readonly site: RebuildSite) {}

  /** Resolves when a restart would go on with it. @throws {RebuildRunning} where one of them is being rebuilt. */
  async start(names: readonly string[], order: Omit<RebuildOrder, 'id' | 'startedAt'>): Promise<RebuildJob> {
    const startedAt = new Date().toISOString();
    return await this.begin(names, { ...order, id: randomUUID(), startedAt });
  }

  /** Goes on with what an earlier start has left, and makes anew what serves from a file of an older version. */
  async resume(unfinished: ReadonlyMap<string, RebuildOrder>, outdated: readonly string[]): Promise<void> {
    const orders = new Map<string, { readonly order: RebuildOrder; readonly names: string[] }>();
    for (const [name, order] of unfinished) {
      const known = orders.get(order.id) ?? { order, names: [] };
      known.names.push(name);
      orders.set(order.id, known);
    }
    for (const { order, names } of orders.values()) await this.begin(names, order);
    const rest = outdated.filter((name) => !this.jobOf(name));
    if (rest.length > 0) await this.start(rest, { purpose: 'swap', by: null });
  }

  /** Every rebuild that one of these is in. @throws {CannotCancel} where there is none, or it is too late. */
  async cancel(names: readonly string[]): Promise<void> {
    const jobs = new Set(names.map((name) => this.jobOf(name)).filter((job) => job !== undefined));
    if (jobs.size === 0) throw new CannotCancel('no rebuild runs');
    const cancelled = await Promise.all(jobs.values().map((job) => job.cancel()));
    if (cancelled.includes(false))
      throw new CannotCancel('the new read model is taking the place of the old one already');
  }

  /** Of the rebuild that runs, or of the last one since the start; undefined where there was none. */
  status(name: string): RebuildStatus | undefined {
    return this.lastOf.get(name)?.status(name);
  }

  /** The one that runs. */
  jobOf(name: string): RebuildJob | undefined {
    return this.running.values().find((job) => job.names.includes(name));
  }

  get names(): readonly string[] {
    return [...this.running].flatMap((job) => job.names);
  }

  note(): void {
    for (const job of this.running) job.note();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.running.values().map((job) => job.close()));
  }

  private async begin(names: readonly string[], order: RebuildOrder): Promise<RebuildJob> {
    for (const name of names) {
      const running = this.jobOf(name);
      if (running) throw new RebuildRunning(name, running.order);
    }
    if (this.closed) throw new Error('the views are closed');
    const job = new RebuildJob(order, names, this.site);
    this.running.add(job);
    for (const name of names) this.lastOf.set(name, job);
    await job.start(() => this.running.delete(job));
    return job;
  }
}
