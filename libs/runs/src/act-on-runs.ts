import { randomUUID } from 'node:crypto';
import { type BaseCommand, write } from '#kernel';
import { commandMeta, KeyedQueue } from '#event-log';
import { RunConflict, UnknownRun } from './errors.js';
import type { RecordedRuns } from './recorded-runs.js';
import type { Sender } from './row-meta.js';
import { type RunActionName, runActions } from './run-actions.js';
import type { RunClaims } from './run-claims.js';
import type { RunFiles } from './run-files.js';
import type { RunServiceOptions } from './run-options.js';
import { type KnownRun, runStream } from './run.js';
import type { RunsUnderWay } from './runs-under-way.js';
import type { SharedFiles } from './shared-files.js';
import type { Turns } from './turns.js';

export interface ActOnRunsOptions extends Pick<RunServiceOptions, 'shell' | 'rights'> {
  readonly recorded: RecordedRuns;
  readonly files: RunFiles;
  readonly shared: SharedFiles;
  readonly underWay: RunsUnderWay;
  readonly turns: Turns;
  readonly claims: RunClaims | undefined;
}

const waitingMax = 100;

/** What people do with runs that are there. */
export class ActOnRuns {
  /** What is done with a run is done one after another. */
  private readonly acts = new KeyedQueue(waitingMax);

  constructor(private readonly options: ActOnRunsOptions) {}

  act(name: RunActionName, run: string, sender: Sender): Promise<void> {
    return this.acts.run(run, () => this.actOn(name, run, sender));
  }

  private async actOn(name: RunActionName, run: string, sender: Sender): Promise<void> {
    const { recorded, turns, underWay, files } = this.options;
    const state = await recorded.stateOf(run);
    if (!state) throw new UnknownRun();
    const event = runActions[name].decide(state);
    if (typeof event === 'string') throw new RunConflict(event);
    const goesOn = name === 'resume' || name === 'retry';
    if (goesOn) await this.prepareToGoOn(state);
    await turns.take(0, () => this.record(name, state, sender));
    const isHere = underWay.wake(run);
    if (goesOn) await underWay.goOn(state);
    else if (name === 'stop' && !isHere) await files.unmark(run);
  }

  /** @throws {RunConflict} {@link TooManyRuns} */
  private async prepareToGoOn(state: KnownRun): Promise<void> {
    const { recorded, shared, underWay, files } = this.options;
    const { run, kind } = state;
    if (!recorded.kindOf(state)) throw new RunConflict(`this server knows no files of ${kind} any more`);
    const { started } = await recorded.startOf(state);
    if (!(await shared.has(started)))
      throw new RunConflict('the file of the run is not here any more, or was changed; send it again');
    if (!underWay.has(run)) underWay.assertRoom();
    // One that is over ends by itself, and takes its mark away before the new one is made.
    if (state.state !== 'paused') await underWay.ended(run);
    await files.mark(run);
  }

  private async record(name: RunActionName, state: KnownRun, sender: Sender): Promise<void> {
    const { run } = state;
    const { recorded, rights, shell, claims } = this.options;
    const { command, decide } = runActions[name];
    const acting = (await recorded.startOf(state)).sender.actor;
    const maySend = sender.actor.roles.includes(recorded.kindOf(state)?.role ?? 'operator');
    const { actor, words } = sender;
    const meta = commandMeta(command, wordsOf(words), sender, randomUUID());
    const stream = runStream(run);
    await shell.batch(actor, async (unit) => {
      const known = await unit.load(stream);
      const isAsRead = known?.actsFrom === state.actsFrom;
      const takesOver = name === 'resume' && maySend && isAsRead && (await rights?.(unit, acting)) !== undefined;
      const takenOver = takesOver ? { inPlaceOf: acting.id } : undefined;
      const event = known ? decide(known, takenOver) : 'there is no such run';
      if (typeof event === 'string') throw new RunConflict(event);
      await unit.record(write(stream, event), meta);
      if (event.type === 'RunResumed' || event.type === 'RunRetried') await claims?.claimIn(unit, run);
    });
  }
}

function wordsOf(words: Sender['words']): BaseCommand {
  return {
    ...(words?.reason != null && { reason: words.reason }),
    ...(words?.ticket != null && { ticket: words.ticket }),
  };
}
