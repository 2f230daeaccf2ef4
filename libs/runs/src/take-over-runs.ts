import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedRuns } from './recorded-runs.js';
import type { RunClaims } from './run-claims.js';
import type { RunFiles } from './run-files.js';
import type { RunSharing } from './run-options.js';
import type { KnownRun } from './run.js';
import type { RunsUnderWay } from './runs-under-way.js';
import type { SharedFiles } from './shared-files.js';

export interface TakeOverRunsOptions {
  readonly sharing: RunSharing;
  readonly claims: RunClaims;
  readonly recorded: RecordedRuns;
  readonly files: RunFiles;
  readonly shared: SharedFiles;
  readonly underWay: RunsUnderWay;
}

/** Runs that another node of the same log leaves go on here. */
export class TakeOverRuns {
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: TakeOverRunsOptions) {}

  /** Looks around from now on, until this process ends. */
  start(): void {
    this.looking = this.lookAround();
  }

  /** Resolves when it looks no more. */
  ended(): Promise<void> {
    return this.looking;
  }

  private async lookAround(): Promise<void> {
    const { sharing, claims, recorded, underWay } = this.options;
    const { signal } = underWay;
    while (!signal.aborted) {
      try {
        const runs = await sharing.underWay();
        claims.watchOnly(new Set(runs));
        for (const run of runs) {
          if (underWay.has(run) || signal.aborted) continue;
          const state = await recorded.stateOf(run);
          if (state?.state === 'running') await this.takeUp(state);
        }
      } catch (error) {
        if (!signal.aborted) sharing.onTrouble(error);
      }
      await sleep(claims.pace.lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Lets a run go on here, unless another node works on it. */
  async takeUp(state: KnownRun): Promise<void> {
    const { sharing, claims, recorded, files, shared, underWay } = this.options;
    if (!underWay.hasRoom) return;
    const { run } = state;
    const claim = await claims.claimOf(run);
    if (!claims.isAbandoned(state, claim, performance.now())) return;
    const { started } = await recorded.startOf(state);
    // One that began on an embedded log has its file on one node only.
    if (!recorded.kindOf(state) || !(await shared.has(started))) return;
    await files.mark(run);
    if (!(await claims.take(state, claim))) return files.unmark(run);
    sharing.onTakenOver(run, claim?.node ?? null);
    await underWay.goOn(state);
  }
}
