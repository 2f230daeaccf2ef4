import { type KnownRun, rowsDue, type RunEvent } from './run.js';

/** The token by which rows were decided may act no more; whoever resumes the run may, and does. */
export interface TakenOver {
  readonly inPlaceOf: string;
}

/** What somebody does with a run that is there. */
export interface RunAction {
  /** As the audit calls it. */
  readonly command: string;
  /** What is recorded, or why it does not fit how the run stands. */
  readonly decide: (run: KnownRun, takenOver?: TakenOver) => RunEvent | string;
}

const over: ReadonlySet<KnownRun['state']> = new Set(['done', 'stopped']);

const pause: RunAction = {
  command: 'PauseRun',
  decide: (run) => {
    if (run.state === 'running') return { type: 'RunPaused', data: standing(run) };
    return run.state === 'paused' ? 'the run is paused already' : `the run is ${run.state}: there is nothing to pause`;
  },
};

const resume: RunAction = {
  command: 'ResumeRun',
  decide: (run, takenOver) => {
    if (run.state === 'paused') return { type: 'RunResumed', data: { ...standing(run), ...takenOver } };
    if (run.state === 'running') return 'the run is under way: it is not paused';
    return `the run is ${run.state}: only a paused one is resumed; retry takes up what failed or was skipped`;
  },
};

const stop: RunAction = {
  command: 'StopRun',
  decide: (run) => {
    if (over.has(run.state)) return `the run is ${run.state} already`;
    return { type: 'RunStopped', data: { ...standing(run), because: 'as asked' } };
  },
};

const retry: RunAction = {
  command: 'RetryRun',
  decide: (run) => {
    if (!over.has(run.state)) return `the run is ${run.state}: wait until it is over, or stop it first`;
    if (rowsDue(run) === 0) return 'there is nothing to retry: every row is done or unchanged';
    const { done, unchanged } = run.counts;
    return { type: 'RunRetried', data: { ...standing(run), counts: { done, unchanged, refused: 0, invalid: 0 } } };
  },
};

export const runActions = { pause, resume, stop, retry } as const;
export type RunActionName = keyof typeof runActions;

function standing({ run, kind, total, counts }: KnownRun): Pick<KnownRun, 'run' | 'kind' | 'total' | 'counts'> {
  return { run, kind, total, counts };
}
