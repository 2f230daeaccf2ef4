import { setTimeout as sleep } from 'node:timers/promises';
import type { UnitOfWork } from '#event-log';
import { TooManyRuns } from './errors.js';
import type { RecordedRuns } from './recorded-runs.js';
import type { Sender } from './row-meta.js';
import type { RunClaims } from './run-claims.js';
import type { RunFiles } from './run-files.js';
import type { RunKind } from './run-kind.js';
import type { RunServiceOptions } from './run-options.js';
import type { KnownRun, RunStarted } from './run.js';
import { Runner, type Trouble } from './runner.js';
import type { SharedFiles } from './shared-files.js';
import type { Turns } from './turns.js';

export interface RunsUnderWayOptions extends Pick<
  RunServiceOptions,
  'shell' | 'log' | 'catalogue' | 'onTrouble' | 'plans' | 'rights'
> {
  readonly recorded: RecordedRuns;
  readonly files: RunFiles;
  readonly shared: SharedFiles;
  readonly turns: Turns;
  readonly claims: RunClaims | undefined;
}

const atOnceMax = 16;
const closeSecondsMax = 5;

/** The runs that this process works on. */
export class RunsUnderWay {
  private readonly closing = new AbortController();
  private readonly runners = new Map<string, { readonly runner: Runner; readonly ended: Promise<void> }>();
  private starting = 0;

  constructor(private readonly options: RunsUnderWayOptions) {}

  /** Aborted when the process is to end. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  has(run: string): boolean {
    return this.runners.has(run);
  }

  get hasRoom(): boolean {
    return this.runners.size + this.starting < atOnceMax;
  }

  /** @throws {TooManyRuns} */
  assertRoom(): void {
    if (!this.hasRoom) throw new TooManyRuns(atOnceMax, 30);
  }

  /** Keeps room for a run that is about to begin. @throws {TooManyRuns} */
  async withRoom<T>(start: () => Promise<T>): Promise<T> {
    this.assertRoom();
    this.starting++;
    try {
      return await start();
    } finally {
      this.starting--;
    }
  }

  /** Why a run does not go on just now; undefined where nothing is known of it. */
  troubleOf(run: string): Trouble | undefined {
    return this.runners.get(run)?.runner.trouble;
  }

  /** Tells a run that something was done with it; false where it is not worked on here. */
  wake(run: string): boolean {
    const known = this.runners.get(run);
    known?.runner.wake();
    return known !== undefined;
  }

  /** Nobody here works on the run any more. */
  async ended(run: string): Promise<void> {
    await this.runners.get(run)?.ended;
  }

  /** Takes up a run that is there from where it stands. */
  async goOn({ run }: Pick<KnownRun, 'run'>): Promise<void> {
    const { recorded } = this.options;
    const known = await recorded.stateOf(run);
    const kind = known && recorded.kindOf(known);
    if (!kind) return;
    const { started, sender } = await recorded.startOf(known);
    this.begin(kind, started, sender);
  }

  begin(kind: RunKind, started: RunStarted['data'], sender: Sender): void {
    const { run } = started;
    const { shared, plans, rights: rightsOf, ...rest } = this.options;
    const rights = rightsOf && ((unit: UnitOfWork) => rightsOf(unit, sender.actor));
    const hasFile = (): Promise<boolean> => shared.has(started);
    const options = { ...rest, hasFile, kind, guard: plans?.guard, rights, signal: this.signal };
    const runner = new Runner(options, started, sender);
    const before = this.runners.get(run)?.ended ?? Promise.resolve();
    const ended = before
      .then(() => runner.toEnd())
      .finally(() => {
        if (this.runners.get(run)?.runner === runner) this.runners.delete(run);
      });
    this.runners.set(run, { runner, ended });
  }

  /** Lets every run end the batch it is in, and ends what waits for `signal`; within some seconds. */
  async close(others: Promise<void>): Promise<void> {
    this.closing.abort();
    await withinSeconds(others);
    await withinSeconds(Promise.all(Array.from(this.runners.values(), ({ ended }) => ended)));
  }
}

async function withinSeconds(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(closeSecondsMax * 1000, undefined, { ref: false })]);
}
