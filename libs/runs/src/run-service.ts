import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, type BaseCommand, canonicalJson, type EventCatalogue, streamOf, write } from '#kernel';
import {
  commandMeta,
  type CommandShell,
  type EventLogReader,
  KeyedQueue,
  KeyReused,
  keyStream,
  LogUnavailable,
  type RecordedEvent,
  type UnitOfWork,
  upcast,
} from '#event-log';
import { FileTooLarge, RunConflict, TooManyRuns, UnknownRun, WrongMediaType } from './errors.js';
import { failedFile, failedRows, type LeftOut } from './failed-file.js';
import { fetchFromLog, keepInLog } from './file-in-log.js';
import type { Encoding } from './file-text.js';
import { drainedFactor, type ReceivedFile, receiveFile } from './receive-file.js';
import { RowMeta, type Sender } from './row-meta.js';
import { type ClaimPace, RunClaims } from './run-claims.js';
import { type KnownRun, type RunStarted, runStream } from './run.js';
import { runActions, type RunActionName } from './run-actions.js';
import { RunFiles } from './run-files.js';
import type { RowGuard, RunKind, RunParameters } from './run-kind.js';
import { type FileForm, rowScanner } from './row-scanner.js';
import { Runner, type Trouble } from './runner.js';
import { Turns } from './turns.js';

export interface RunServiceOptions {
  readonly dataDir: string;
  readonly log: EventLogReader;
  readonly shell: CommandShell;
  readonly catalogue: EventCatalogue;
  readonly kinds: readonly RunKind[];
  /** A run could not go on just now and will try again: for the server's own log. */
  readonly onTrouble: (run: string, error: unknown, retryInSeconds: number) => void;
  readonly fileBytesMax?: number;
  readonly plans?: PlansOfRuns;
  /** Why whoever sent the rows of a run may act no more; undefined while they may. Left out, everybody always may. */
  readonly rights?: (unit: UnitOfWork, actor: Actor) => string | undefined | Promise<string | undefined>;
  /** Where other nodes work on runs of the same log. */
  readonly sharing?: RunSharing;
}

/** What runs that apply plans ask of those. */
export interface PlansOfRuns {
  /** Watches over the rows of a plan that a run applies. */
  readonly guard: (plan: string, run: string) => RowGuard;
  /** The rows that failed when the plan was made, so that its run does not have them. */
  readonly leftOut: (plan: string) => Promise<LeftOut>;
}

/** What makes a run go on at another node when its own is gone. */
export interface RunSharing {
  /** Of this process, among all that ever work on the log. */
  readonly node: string;
  /** Runs that are under way on some node, as far as is known here. */
  readonly underWay: () => Promise<readonly string[]>;
  /** A run goes on here from now on, after this node or nobody. */
  readonly onTakenOver: (run: string, from: string | null) => void;
  /** It could not be found out just now whether there are runs to take over. */
  readonly onTrouble: (error: unknown) => void;
  readonly pace?: ClaimPace;
}

/** A file as it is sent. */
export interface Upload {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentType: string | undefined;
  /** As promised by its sender, in bytes. */
  readonly size?: number;
  /** What its sender calls it. */
  readonly name?: string;
  readonly parameters?: RunParameters;
  readonly plan?: AppliedPlan;
}

/** A plan that a run is to apply. */
export interface AppliedPlan {
  readonly plan: string;
  /** What its sender sent to have it applied: the body that a key came with. */
  readonly asked: unknown;
  /** Records in the append that starts the run that this plan is applied by it. @throws where it can't be any more: there is no run then */
  readonly record: (unit: UnitOfWork, run: string) => Promise<void>;
}

/** A file as it is sent back, in the form and encoding of the upload. */
export interface FailedFile {
  readonly form: FileForm;
  readonly encoding: Encoding;
  readonly pieces: AsyncIterable<Uint8Array>;
}

export const jsonLinesMediaType = 'application/x-ndjson';
export const csvMediaTypes = ['text/csv', 'text/plain', 'application/octet-stream'] as const;
export const fileBytesMax = 512 * 2 ** 20;
const runsAtOnceMax = 16;
const closeSecondsMax = 5;
const actsWaitingMax = 100;
const filesWaitingMax = 100;

/** Files and the runs that work through them. */
export class RunService {
  private readonly files: RunFiles;
  private readonly closing = new AbortController();
  private readonly turns: Turns;
  /** What is done with a run is done one after another. */
  private readonly acts = new KeyedQueue(actsWaitingMax);
  private readonly underWay = new Map<string, { readonly runner: Runner; readonly ended: Promise<void> }>();
  /** One after another for one run. */
  private readonly fetches = new KeyedQueue(filesWaitingMax);
  private readonly claims: RunClaims | undefined;
  private looking: Promise<void> = Promise.resolve();
  private receiving = 0;

  constructor(private readonly options: RunServiceOptions) {
    const { dataDir, shell, sharing } = options;
    this.files = new RunFiles(dataDir);
    this.turns = new Turns(() => shell.commandsAsked);
    this.claims = sharing && new RunClaims(sharing.node, shell, sharing.pace);
  }

  /**
   * Lets the runs go on that an earlier process left unfinished; where nodes share the log, also those that another one leaves, from now on.
   * To be called once, before the first upload.
   */
  async resumeUnfinished(): Promise<void> {
    await this.files.prepare();
    for (const run of await this.files.unfinished()) {
      const state = await this.stateOf(run);
      if (!state) await this.files.discard(run);
      else if (state.state === 'running') await this.takeUp(state);
      else if (state.state !== 'paused') await this.files.unmark(run);
    }
    const { sharing } = this.options;
    if (sharing && this.claims) this.looking = this.lookAround(sharing, this.claims);
  }

  private async lookAround({ underWay, onTrouble }: RunSharing, { pace }: RunClaims): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        const runs = await underWay();
        this.claims?.watchOnly(new Set(runs));
        for (const run of runs) {
          if (this.underWay.has(run) || signal.aborted) continue;
          const state = await this.stateOf(run);
          if (state?.state === 'running') await this.takeUp(state);
        }
      } catch (error) {
        if (!signal.aborted) onTrouble(error);
      }
      await sleep(pace.lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Lets a run go on here, unless another node works on it. */
  private async takeUp(state: KnownRun): Promise<void> {
    const { claims } = this;
    if (!claims) return this.goOn(state);
    if (this.underWay.size + this.receiving >= runsAtOnceMax) return;
    const { run } = state;
    const claim = await claims.claimOf(run);
    if (!claims.isAbandoned(state, claim, performance.now())) return;
    const { started } = await this.startOf(state);
    // One that began on an embedded log has its file on one node only.
    if (!this.kindOf(state) || !(await this.hasFile(started))) return;
    await this.files.mark(run);
    if (!(await claims.take(state, claim))) return this.files.unmark(run);
    this.options.sharing?.onTakenOver(run, claim?.node ?? null);
    await this.goOn(state);
  }

  /** The file of a run is in its place, whole; where the log has it, it is brought from there. */
  private hasFile({ run, file }: Pick<RunStarted['data'], 'run' | 'file'>): Promise<boolean> {
    return this.fetches.run(run, async () => {
      if ((await this.files.size(run)) === file.size) return true;
      if (!this.claims) return false;
      const { log, catalogue } = this.options;
      await this.files.prepare();
      if (!(await fetchFromLog(this.files.partPath(run), file, log, catalogue))) return false;
      await this.files.put(run);
      return true;
    });
  }

  /**
   * Receives a file; when this resolves, the file and its run are on disk. With a key of its sender's that came with the same file
   * before, it is the run of then.
   * @throws {BadFile} {@link FileTooLarge} {@link WrongMediaType} {@link TooManyRuns} {@link LogUnavailable} {@link KeyReused}
   */
  async start(kindName: string, upload: Upload, sender: Sender, key?: string): Promise<{ readonly run: string }> {
    const { kinds, shell, fileBytesMax: bytesMax = fileBytesMax } = this.options;
    const kind = kinds.find((each) => each.kind === kindName);
    if (!kind) throw new Error(`no kind of run is called ${kindName}`);
    const form = formOf(kind, upload.contentType);
    assertPromised(upload, bytesMax);
    this.assertRoom();
    const run = randomUUID();
    this.receiving++;
    try {
      const meta = new RowMeta(run, sender, kind.command).ofRun();
      const file = await this.receive(run, upload, kind, form, bytesMax);
      await this.share(run, file, sender.actor, meta);
      const started = startedBy(run, kind, file, upload);
      const bodyHash = upload.plan ? hashOfApplying(upload.plan) : bodyHashOf(started);
      let notApplied: unknown;
      const { value: known } = await shell
        .batch(sender.actor, async (unit) => {
          const earlier = key === undefined ? undefined : await runOfKey(unit, sender.actor, key, kind, bodyHash);
          if (earlier !== undefined) return earlier;
          await upload.plan?.record(unit, run).catch((error: unknown) => {
            notApplied = error;
            throw error;
          });
          await unit.record(write(runStream(run), { type: 'RunStarted', data: started }), meta);
          await this.claims?.claimIn(unit, run);
          if (key !== undefined)
            await unit.record(write(keyOf(sender.actor, key), answeredWith(run, kind, bodyHash)), meta);
          return run;
        })
        .catch(async (error: unknown) => {
          if (error instanceof KeyReused || error === notApplied) await this.files.discard(run);
          throw error;
        });
      if (known !== run) {
        await this.files.discard(run);
        return { run: known };
      }
      this.begin(kind, started, sender);
    } finally {
      this.receiving--;
    }
    return { run };
  }

  /** The run that a key of this actor's was answered with for the same plan and body; undefined where it is new. @throws {KeyReused} */
  runOfKey(kind: RunKind, plan: Omit<AppliedPlan, 'record'>, actor: Actor, key: string): Promise<string | undefined> {
    return runOfKey(this.options.shell.begin(actor, false), actor, key, kind, hashOfApplying(plan));
  }

  /** How a run stands; undefined where it is unknown. */
  async stateOf(run: string): Promise<KnownRun | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(run)) return undefined;
    return (await this.options.shell.begin(reader, false).load(runStream(run))) ?? undefined;
  }

  /** Why a run under way does not go on just now; undefined where nothing is known of it. */
  troubleOf(run: string): Trouble | undefined {
    return this.underWay.get(run)?.runner.trouble;
  }

  /** The kind of a run that is there, where it is still one. */
  kindOf({ kind }: Pick<KnownRun, 'kind'>): RunKind | undefined {
    return this.options.kinds.find((known) => known.kind === kind);
  }

  /**
   * Pauses a run after its current batch, lets it go on, stops it, or takes up again what failed or was skipped; on disk when this
   * resolves. Rows that are retried are those of whoever retries them, and so are those of a run that is resumed by somebody who may send
   * its rows while whoever sent them may act no more.
   * @throws {UnknownRun} {@link RunConflict} {@link TooManyRuns} {@link LogUnavailable} {@link QueueFull}
   */
  act(name: RunActionName, run: string, sender: Sender): Promise<void> {
    return this.acts.run(run, () => this.actOn(name, run, sender));
  }

  private async actOn(name: RunActionName, run: string, sender: Sender): Promise<void> {
    const state = await this.stateOf(run);
    if (!state) throw new UnknownRun();
    const event = runActions[name].decide(state);
    if (typeof event === 'string') throw new RunConflict(event);
    const goesOn = name === 'resume' || name === 'retry';
    if (goesOn) await this.prepareToGoOn(state);
    await this.turns.take(0, () => this.record(name, state, sender));
    const known = this.underWay.get(run);
    known?.runner.wake();
    if (goesOn) await this.goOn(state);
    else if (name === 'stop' && !known) await this.files.unmark(run);
  }

  /**
   * `failed.csv` of a run, where it applies a plan with those rows of it too that had failed before: whoever sent them finds them in one
   * place. Undefined where there is no such run, or its file is gone or was changed.
   */
  async failedFile(run: string): Promise<FailedFile | undefined> {
    const { log, catalogue, plans } = this.options;
    const state = await this.stateOf(run);
    if (!state) return undefined;
    const { started } = await this.startOf(state);
    if (!(await this.hasFile(started))) return undefined;
    const leftOut = started.plan === undefined ? undefined : await plans?.leftOut(started.plan);
    const { form, encoding } = leftOut?.format ?? started.format;
    const failures = failedRows(state, log, catalogue);
    const pieces = failedFile({ path: this.files.path(run), format: started.format, failures, leftOut });
    return { form, encoding, pieces };
  }

  /** Lets every run end the batch it is in; they go on with the next start. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.race([this.looking, sleep(closeSecondsMax * 1000, undefined, { ref: false })]);
    const ends = Array.from(this.underWay.values(), ({ ended }) => ended);
    await Promise.race([Promise.all(ends), sleep(closeSecondsMax * 1000, undefined, { ref: false })]);
  }

  /** @throws {RunConflict} {@link TooManyRuns} */
  private async prepareToGoOn(state: KnownRun): Promise<void> {
    const { run, kind } = state;
    if (!this.kindOf(state)) throw new RunConflict(`this server knows no files of ${kind} any more`);
    const { started } = await this.startOf(state);
    if (!(await this.hasFile(started)))
      throw new RunConflict('the file of the run is not here any more, or was changed; send it again');
    if (!this.underWay.has(run)) this.assertRoom();
    // One that is over ends by itself, and takes its mark away before the new one is made.
    if (state.state !== 'paused') await this.underWay.get(run)?.ended;
    await this.files.mark(run);
  }

  /** Why whoever the rows of a run are decided for may act no more; undefined while they may. */
  async endedRights(state: KnownRun): Promise<string | undefined> {
    const { shell, rights } = this.options;
    const { actor } = (await this.startOf(state)).sender;
    return rights?.(shell.begin(reader, false), actor);
  }

  private async record(name: RunActionName, state: KnownRun, sender: Sender): Promise<void> {
    const { run } = state;
    const { rights, shell } = this.options;
    const { command, decide } = runActions[name];
    const acting = (await this.startOf(state)).sender.actor;
    const maySend = sender.actor.roles.includes(this.kindOf(state)?.role ?? 'operator');
    const { actor, words } = sender;
    const id = randomUUID();
    const meta = commandMeta(command, wordsOf(words), sender, id);
    const stream = runStream(run);
    await shell.batch(actor, async (unit) => {
      const known = await unit.load(stream);
      const isAsRead = known?.actsFrom === state.actsFrom;
      const takesOver = name === 'resume' && maySend && isAsRead && (await rights?.(unit, acting)) !== undefined;
      const takenOver = takesOver ? { inPlaceOf: acting.id } : undefined;
      const event = known ? decide(known, takenOver) : 'there is no such run';
      if (typeof event === 'string') throw new RunConflict(event);
      await unit.record(write(stream, event), meta);
      if (event.type === 'RunResumed' || event.type === 'RunRetried') await this.claims?.claimIn(unit, run);
    });
  }

  private assertRoom(): void {
    if (this.underWay.size + this.receiving >= runsAtOnceMax) throw new TooManyRuns(runsAtOnceMax, 30);
  }

  private async receive(
    run: string,
    { body }: Upload,
    kind: RunKind,
    form: FileForm,
    bytesMax: number,
  ): Promise<ReceivedFile> {
    try {
      await this.files.prepare();
      const file = await receiveFile(body, this.files.partPath(run), rowScanner(form, kind), bytesMax);
      await this.files.keep(run);
      return file;
    } catch (error) {
      await this.files.discard(run);
      throw hasNoRoom(error)
        ? new LogUnavailable('the data folder has no room for the file', 60, { cause: error })
        : error;
    }
  }

  /** Puts a file where every node finds it. */
  private async share(run: string, file: ReceivedFile, actor: Actor, meta: string): Promise<void> {
    if (!this.claims) return;
    try {
      await keepInLog(this.files.path(run), file, this.options.shell, actor, meta);
    } catch (error) {
      await this.files.discard(run);
      throw error;
    }
  }

  /** Takes up a run that is there from where it stands. */
  private async goOn(state: Pick<KnownRun, 'run' | 'kind'>): Promise<void> {
    const kind = this.kindOf(state);
    const known = await this.stateOf(state.run);
    if (!kind || !known) return;
    const { started, sender } = await this.startOf(known);
    this.begin(kind, started, sender);
  }

  private begin(kind: RunKind, started: RunStarted['data'], sender: Sender): void {
    const { run } = started;
    const { shell, log, catalogue, onTrouble, plans, rights: rightsOf } = this.options;
    const guard = plans?.guard;
    const { files, turns } = this;
    const { signal } = this.closing;
    const rights = rightsOf && ((unit: UnitOfWork) => rightsOf(unit, sender.actor));
    const { claims } = this;
    const hasFile = (): Promise<boolean> => this.hasFile(started);
    const options = { shell, log, catalogue, files, hasFile, claims, kind, turns, guard, rights, signal, onTrouble };
    const runner = new Runner(options, started, sender);
    const before = this.underWay.get(run)?.ended ?? Promise.resolve();
    const ended = before
      .then(() => runner.toEnd())
      .finally(() => {
        if (this.underWay.get(run)?.runner === runner) this.underWay.delete(run);
      });
    this.underWay.set(run, { runner, ended });
  }

  /** How a run began, and who its rows are decided for: whoever started it, tried it again or took it over. */
  private async startOf({
    run,
    passFrom,
    actsFrom,
  }: KnownRun): Promise<{ started: RunStarted['data']; sender: Sender }> {
    const first = await this.eventOf(run, 0);
    const pass = passFrom === 0 ? first : await this.eventOf(run, passFrom);
    const { actor, correlationId, client, reason, ticket } = (
      actsFrom === passFrom ? pass : await this.eventOf(run, actsFrom)
    ).meta;
    // What the rows were sent for stays so where whoever took them over says nothing else.
    const words = { reason: reason ?? pass.meta.reason, ticket: ticket ?? pass.meta.ticket };
    const sender = { actor: actor as Sender['actor'], correlationId, client, words };
    return { started: upcast(this.options.catalogue, first) as unknown as RunStarted['data'], sender };
  }

  private async eventOf(run: string, revision: number): Promise<RecordedEvent> {
    for await (const [event] of this.options.log.readStream(runStream(run).name, BigInt(revision)))
      if (event) return event;
    throw new Error(`the run ${run} has no event ${revision}`);
  }
}

/** Reads runs without deciding anything. */
const reader: Actor = { id: 'system', name: 'system', roles: [], via: 'system' };

function wordsOf(words: Sender['words']): BaseCommand {
  return {
    ...(words?.reason != null && { reason: words.reason }),
    ...(words?.ticket != null && { ticket: words.ticket }),
  };
}

/** A file that is promised to be so large that nobody would read it to its end. @throws {FileTooLarge} */
export function assertPromised({ size }: Upload, bytesMax = fileBytesMax): void {
  if (size !== undefined && size > drainedFactor * bytesMax) throw new FileTooLarge(bytesMax);
}

/** @throws {WrongMediaType} */
export function formOf({ jsonLines = false }: RunKind, contentType: string | undefined): FileForm {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (jsonLines && mediaType === jsonLinesMediaType) return 'json-lines';
  if (csvMediaTypes.some((accepted) => accepted === mediaType)) return 'csv';
  throw new WrongMediaType(jsonLines ? [...csvMediaTypes, jsonLinesMediaType] : csvMediaTypes);
}

function startedBy(
  run: string,
  { kind }: RunKind,
  { size, sha256, total, columns, format }: ReceivedFile,
  { name, parameters = {}, plan }: Upload,
): RunStarted['data'] {
  const started = { run, kind, total, file: { name: name ?? null, size, sha256 }, format, columns, parameters };
  return plan ? { ...started, plan: plan.plan } : started;
}

/** Of all that the run of a file was asked for with. */
function bodyHashOf({ file: { sha256 }, format: { form }, parameters }: RunStarted['data']): string {
  if (form === 'csv' && Object.keys(parameters).length === 0) return sha256;
  return hash('sha256', canonicalJson([sha256, form, parameters]), 'hex');
}

function hashOfApplying({ plan, asked }: Omit<AppliedPlan, 'record'>): string {
  return hash('sha256', canonicalJson([plan, asked]), 'hex');
}

/** As for a command's key: it is its sender's own. */
function keyOf({ id }: Actor, key: string) {
  return streamOf(keyStream, hash('sha256', canonicalJson([id, key]), 'hex'));
}

/** The run that a key was answered with; undefined where it is new. @throws {KeyReused} where it came with something else */
async function runOfKey(
  unit: UnitOfWork,
  actor: Actor,
  key: string,
  { command }: RunKind,
  bodyHash: string,
): Promise<string | undefined> {
  const answer = await unit.load(keyOf(actor, key));
  if (!answer) return undefined;
  if (answer.command !== command || answer.bodyHash !== bodyHash) throw new KeyReused(answer.command);
  return String(answer.reply['run']);
}

function answeredWith(run: string, { command }: RunKind, bodyHash: string) {
  const events = [{ stream: runStream(run).name, revision: '0' }];
  return {
    type: 'KeyAnswered',
    data: { command, bodyHash, outcome: 'done', events, refusals: [], reply: { run } },
  } as const;
}

function hasNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
