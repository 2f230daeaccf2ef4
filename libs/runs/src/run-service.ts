import type { Actor } from '#kernel';
import { ActOnRuns } from './act-on-runs.js';
import { failedFile, failedRows } from './failed-file.js';
import type { Encoding } from './file-text.js';
import { RecordedRuns } from './recorded-runs.js';
import type { Sender } from './row-meta.js';
import type { FileForm } from './row-scanner.js';
import type { RunActionName } from './run-actions.js';
import { RunClaims } from './run-claims.js';
import { RunFiles } from './run-files.js';
import { hashOfApplying, runOfKey } from './run-key.js';
import type { RunKind } from './run-kind.js';
import type { RunServiceOptions } from './run-options.js';
import type { KnownRun } from './run.js';
import type { Trouble } from './runner.js';
import { RunsUnderWay } from './runs-under-way.js';
import { SharedFiles } from './shared-files.js';
import { startRun } from './start-run.js';
import { TakeOverRuns } from './take-over-runs.js';
import { Turns } from './turns.js';
import { type AppliedPlan, fileBytesMax, type Upload } from './upload.js';

/** A file as it is sent back, in the form and encoding of the upload. */
export interface FailedFile {
  readonly form: FileForm;
  readonly encoding: Encoding;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Files and the runs that work through them. */
export class RunService {
  private readonly files: RunFiles;
  private readonly shared: SharedFiles;
  private readonly recorded: RecordedRuns;
  private readonly claims: RunClaims | undefined;
  private readonly underWay: RunsUnderWay;
  private readonly acts: ActOnRuns;
  private readonly takeOver: TakeOverRuns | undefined;

  constructor(private readonly options: RunServiceOptions) {
    const { dataDir, shell, sharing } = options;
    this.files = new RunFiles(dataDir);
    this.shared = new SharedFiles(this.files, options);
    this.recorded = new RecordedRuns(options);
    this.claims = sharing && new RunClaims(sharing.node, shell, sharing.pace);
    const turns = new Turns(() => shell.commandsAsked);
    const { files, shared, recorded, claims } = this;
    const here = { files, shared, recorded, claims, turns };
    this.underWay = new RunsUnderWay({ ...options, ...here });
    const { underWay } = this;
    this.acts = new ActOnRuns({ ...options, ...here, underWay });
    this.takeOver = sharing && claims && new TakeOverRuns({ ...here, sharing, claims, underWay });
  }

  /**
   * Lets the runs go on that an earlier process left unfinished; where nodes share the log, also those that another one leaves, from now on.
   * To be called once, before the first upload.
   */
  async resumeUnfinished(): Promise<void> {
    const { files, recorded, underWay, takeOver } = this;
    await files.prepare();
    for (const run of await files.unfinished()) {
      const state = await recorded.stateOf(run);
      if (!state) await files.discard(run);
      else if (state.state === 'running') await (takeOver ? takeOver.takeUp(state) : underWay.goOn(state));
      else if (state.state !== 'paused') await files.unmark(run);
    }
    takeOver?.start();
  }

  /**
   * Receives a file; when this resolves, the file and its run are on disk. With a key of its sender's that came with the same file
   * before, it is the run of then.
   * @throws {BadFile} {@link FileTooLarge} {@link WrongMediaType} {@link TooManyRuns} {@link LogUnavailable} {@link KeyReused}
   */
  async start(kindName: string, upload: Upload, sender: Sender, key?: string): Promise<{ readonly run: string }> {
    const { shell, fileBytesMax: bytesMax = fileBytesMax } = this.options;
    const kind = this.recorded.kindOf({ kind: kindName });
    if (!kind) throw new Error(`no kind of run is called ${kindName}`);
    const { files, shared, underWay, claims } = this;
    return startRun({ kind, upload, sender, key }, { shell, files, shared, underWay, claims, fileBytesMax: bytesMax });
  }

  /** The run that a key of this actor's was answered with for the same plan and body; undefined where it is new. @throws {KeyReused} */
  runOfKey(kind: RunKind, plan: Omit<AppliedPlan, 'record'>, actor: Actor, key: string): Promise<string | undefined> {
    return runOfKey(this.options.shell.begin(actor, false), actor, key, kind, hashOfApplying(plan));
  }

  /** How a run stands; undefined where it is unknown. */
  stateOf(run: string): Promise<KnownRun | undefined> {
    return this.recorded.stateOf(run);
  }

  /** Why a run under way does not go on just now; undefined where nothing is known of it. */
  troubleOf(run: string): Trouble | undefined {
    return this.underWay.troubleOf(run);
  }

  /** The kind of a run that is there, where it is still one. */
  kindOf(state: Pick<KnownRun, 'kind'>): RunKind | undefined {
    return this.recorded.kindOf(state);
  }

  /** Why whoever the rows of a run are decided for may act no more; undefined while they may. */
  endedRights(state: KnownRun): Promise<string | undefined> {
    return this.recorded.endedRights(state);
  }

  /**
   * Pauses a run after its current batch, lets it go on, stops it, or takes up again what failed or was skipped; on disk when this
   * resolves. Rows that are retried are those of whoever retries them, and so are those of a run that is resumed by somebody who may send
   * its rows while whoever sent them may act no more.
   * @throws {UnknownRun} {@link RunConflict} {@link TooManyRuns} {@link LogUnavailable} {@link QueueFull}
   */
  act(name: RunActionName, run: string, sender: Sender): Promise<void> {
    return this.acts.act(name, run, sender);
  }

  /**
   * `failed.csv` of a run, where it applies a plan with those rows of it too that had failed before: whoever sent them finds them in one
   * place. Undefined where there is no such run, or its file is gone or was changed.
   */
  async failedFile(run: string): Promise<FailedFile | undefined> {
    const { log, catalogue, plans } = this.options;
    const state = await this.recorded.stateOf(run);
    if (!state) return undefined;
    const { started } = await this.recorded.startOf(state);
    if (!(await this.shared.has(started))) return undefined;
    const leftOut = started.plan === undefined ? undefined : await plans?.leftOut(started.plan);
    const { form, encoding } = leftOut?.format ?? started.format;
    const failures = failedRows(state, log, catalogue);
    const pieces = failedFile({ path: this.files.path(run), format: started.format, failures, leftOut });
    return { form, encoding, pieces };
  }

  /** Lets every run end the batch it is in; they go on with the next start. */
  close(): Promise<void> {
    return this.underWay.close(this.takeOver?.ended() ?? Promise.resolve());
  }
}
