import type { Projection } from '../projection.js';
import { type Builder, Builders } from './builders.js';
import { Gauges } from './gauges.js';
import { removeFiles } from './model-file.js';
import type { Compared, Failure, Failures, Files, RebuildOrder, ToBuilder, ToProjector } from './messages.js';
import type { Questions } from './questions.js';
import { eventsUpTo, type Progress, progressOf, Rate } from './rate.js';
import type { Verdict } from './verdict.js';

/** What a round of filling takes when there is next to nothing left to do. */
const lastRoundMsMax = 250;
/** Each takes less than the one before. Whoever adopts the files can take any rest. */
const roundsMax = 50;

/** What a rebuild works with. */
export interface RebuildSite {
  /** The projections, thread by thread; a rebuild has as many threads. */
  readonly threads: readonly (readonly Projection[])[];
  /** Of those that serve. */
  readonly gauges: Gauges;
  readonly projectors: readonly Questions<ToProjector>[];
  readonly hire: () => Builder;
  /** The files that serve. */
  readonly files: () => Files;
  /** The reader reads these from now on. */
  readonly attach: (files: Files) => Promise<void>;
  /** These serve now; with what they have failed at. */
  readonly swapped: (files: Files, failures: Failures) => void;
  /** The log's last position. */
  readonly head: () => Promise<bigint>;
  readonly pulse: SharedArrayBuffer;
  readonly onTrouble: (error: string) => void;
}

export type RebuildState = 'running' | 'done' | 'cancelled' | 'failed';

export interface RebuildStatus {
  readonly projection: string;
  readonly purpose: RebuildOrder['purpose'];
  readonly state: RebuildState;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly by: RebuildOrder['by'];
  readonly progress: Progress;
  /** The event that the new read model could not take. */
  readonly failure: Failure | undefined;
  /** What else went wrong. */
  readonly error: string | undefined;
  readonly verdict: Verdict | undefined;
}

/** A rebuild under way. */
export interface RebuildUnderWay {
  /** Resolves when it is over, however it ended. */
  ended(): Promise<void>;
  /** One for each of its projections. */
  statuses(): readonly RebuildStatus[];
}

/** One rebuild of one or more projections: filled beside those that serve, then swapped in one step or compared. */
export class RebuildJob implements RebuildUnderWay {
  private readonly gauges: Gauges;
  /** Since it is known where the files stand: what an earlier start has done is no speed of this one. */
  private rates: ReadonlyMap<string, Rate> = new Map();
  private readonly verdicts = new Map<string, Verdict>();
  private readonly failures = new Map<string, Failure>();
  private readonly builders: Builders;
  private total = new Map<string, number>();
  private ending: 'cancelled' | 'closed' | undefined;
  private swapping = false;
  private swapped = false;
  private error: string | undefined;
  private finishedAt: string | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly order: RebuildOrder,
    readonly names: readonly string[],
    private readonly site: RebuildSite,
  ) {
    this.gauges = Gauges.of(names);
    const lists = site.threads.map((thread) => thread.map(({ name }) => name).filter((name) => names.includes(name)));
    this.builders = new Builders(
      lists.filter((list) => list.length > 0),
      site.hire,
      site.onTrouble,
    );
  }

  /** Resolves when the files are there: from now on a restart goes on with it. `onEnd` when all is over, also where it has not begun. */
  async start(onEnd: () => void): Promise<void> {
    const begun = this.begin();
    this.running = begun
      .then(
        (files) => this.carryOut(files),
        (error: unknown) => this.failUnlessEnding(error),
      )
      .finally(() => {
        this.finishedAt = new Date().toISOString();
        onEnd();
      });
    await begun;
  }

  /** False where it is too late: the swap has begun. */
  async cancel(): Promise<boolean> {
    if (this.swapping) return false;
    this.ending ??= 'cancelled';
    await this.builders.stop('discard', () => this.running);
    return true;
  }

  /** What is filled stays for the next start. */
  async close(): Promise<void> {
    this.ending ??= 'closed';
    await this.builders.stop('stop', () => this.running);
  }

  ended(): Promise<void> {
    return this.running;
  }

  /** Looked at now and then, so that it knows how fast it goes. */
  note(): void {
    for (const [name, rate] of this.rates) rate.note(Number(this.gauges.events(name)));
  }

  status(projection: string): RebuildStatus {
    const { order, finishedAt } = this;
    const done = Number(this.gauges.events(projection));
    const rate = this.rates.get(projection) ?? new Rate();
    const failure = this.failures.get(projection);
    const verdict = this.verdicts.get(projection);
    const progress = progressOf(done, this.total.get(projection) ?? done, rate);
    // How long it takes to look at every row is not known.
    const isComparing = order.purpose === 'compare' && finishedAt === null && progress.done === progress.total;
    return {
      projection,
      purpose: order.purpose,
      state: this.stateOf(projection),
      startedAt: order.startedAt,
      finishedAt,
      by: order.by,
      progress: isComparing ? { ...progress, etaSeconds: null } : progress,
      failure,
      error: this.error,
      verdict,
    };
  }

  statuses(): readonly RebuildStatus[] {
    return this.names.map((name) => this.status(name));
  }

  private async begin(): Promise<Files> {
    const { site, order, names } = this;
    const live = { names: site.gauges.names, gauges: site.gauges.buffer };
    const shared = { gauges: this.gauges.buffer, live, pulse: site.pulse };
    try {
      const files = await this.builders.begin({ kind: 'begin', order, names, serving: site.files(), ...shared });
      this.rates = new Map(names.map((name) => [name, new Rate()]));
      this.note();
      return files;
    } catch (error) {
      await this.builders.dismiss('discard');
      throw error;
    }
  }

  private stateOf(projection: string): RebuildState {
    if (this.finishedAt === null) return 'running';
    if (this.ending) return 'cancelled';
    if (this.error !== undefined || this.failures.has(projection)) return 'failed';
    // What is swapped together fails together.
    return this.order.purpose === 'swap' && this.failures.size > 0 ? 'failed' : 'done';
  }

  private async carryOut(files: Files): Promise<void> {
    try {
      await this.run(files);
    } catch (error) {
      this.failUnlessEnding(error);
    }
    try {
      await this.builders.dismiss(this.ending === 'closed' ? 'stop' : 'discard');
      // Where a thread had to be ended, its files are still there.
      if (this.ending !== 'closed' && !this.swapped) await removeFiles(Object.values(files));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Who was told to stop gives no answer any more. */
  private failUnlessEnding(error: unknown): void {
    if (!this.ending) this.fail(error);
  }

  private fail(error: unknown): void {
    this.error ??= error instanceof Error ? error.message : String(error);
    this.site.onTrouble(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  private async run(files: Files): Promise<void> {
    await this.fill();
    if (this.ending) return;
    if (this.order.purpose === 'compare') return await this.compare();
    if (this.failures.size > 0) return;
    this.swapping = true;
    await this.builders.handOver();
    await this.swap(files);
  }

  /** Round after round, until one took next to no time: the rest is for who adopts the files. */
  private async fill(): Promise<void> {
    for (let round = 1; round <= roundsMax; round++) {
      if (this.ending) return;
      const to = await this.target();
      const begun = performance.now();
      this.keep(await this.builders.fill(to));
      const rest = performance.now() - begun;
      if (this.ending || this.failures.size > 0 || rest < lastRoundMsMax) return;
    }
  }

  /** What is to be compared may not get ahead of what it is compared with. */
  private async target(): Promise<bigint> {
    const { gauges, head } = this.site;
    const end = await head();
    for (const name of this.names)
      this.total.set(name, eventsUpTo(end, gauges.position(name), Number(gauges.events(name))));
    if (this.order.purpose === 'swap') return end;
    return this.names.map((name) => gauges.position(name)).reduce((low, each) => (each < low ? each : low));
  }

  private async compare(): Promise<void> {
    await this.builders.inTurn(async (projection, questions) => {
      if (!this.ending && !this.failures.has(projection)) await this.compareOne(projection, questions);
    });
  }

  private async compareOne(projection: string, questions: Questions<ToBuilder>): Promise<void> {
    await this.projectorOf(projection).ask({ kind: 'save', projection });
    const file = this.site.files()[projection] ?? '';
    const compared = await questions.ask<Compared | null>({ kind: 'compare', projection, file });
    if (compared?.failure) this.failures.set(projection, compared.failure);
    else if (compared) this.verdicts.set(projection, compared.verdict);
  }

  /** Everybody has both files, then the reader turns to the new ones between two queries, then the old ones go. */
  private async swap(files: Files): Promise<void> {
    const { site } = this;
    const adopting = this.builders.lists.map((names) => ({ names, projector: this.projectorOf(names[0] ?? '') }));
    const adopted = await Promise.allSettled(
      adopting.map(({ names, projector }) =>
        projector.ask<Failures>({
          kind: 'adopt',
          files: Object.fromEntries(names.map((name) => [name, files[name] ?? ''])),
        }),
      ),
    );
    for (const each of adopted) if (each.status === 'fulfilled') this.keep(each.value);
    const broken = adopted.find((each) => each.status === 'rejected');
    if (broken) this.fail(broken.reason);
    else if (this.failures.size === 0) await this.turn(files);
    const done = adopting.map(({ names, projector }) =>
      projector.ask<Failures | null>({ kind: this.swapped ? 'release' : 'abandon', projections: names }),
    );
    const failures = Object.assign({}, ...(await Promise.all(done))) as Failures;
    if (this.swapped) site.swapped(files, failures);
  }

  /** The reader turns to the new files, all of them or none. */
  private async turn(files: Files): Promise<void> {
    const { site } = this;
    const old = Object.entries(site.files()).filter(([name]) => Object.hasOwn(files, name));
    try {
      await site.attach(files);
      this.swapped = true;
    } catch (error) {
      this.fail(error);
      await site.attach(Object.fromEntries(old));
    }
  }

  private keep(failures: Failures): void {
    for (const [name, failure] of Object.entries(failures)) this.failures.set(name, failure);
  }

  private projectorOf(name: string): Questions<ToProjector> {
    const thread = this.site.threads.findIndex((projections) => projections.some((each) => each.name === name));
    const projector = this.site.projectors[thread];
    if (!projector) throw new Error(`no thread has the projection ${name}`);
    return projector;
  }
}
