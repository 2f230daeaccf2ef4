import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, canonicalJson, type EventCatalogue, streamOf, write } from '#kernel';
import {
  type CommandShell,
  type EventLogReader,
  KeyReused,
  keyStream,
  LogUnavailable,
  type UnitOfWork,
  upcast,
} from '#event-log';
import { FileTooLarge, TooManyRuns, WrongMediaType } from './errors.js';
import { failedFile } from './failed-file.js';
import type { Encoding } from './file-text.js';
import { drainedFactor, type ReceivedFile, receiveFile } from './receive-file.js';
import { RowMeta, type Sender } from './row-meta.js';
import { type RunStarted, runStream } from './run.js';
import { RunFiles } from './run-files.js';
import type { RowGuard, RunKind, RunParameters } from './run-kind.js';
import { type FileForm, rowScanner } from './row-scanner.js';
import { Runner } from './runner.js';

export interface RunServiceOptions {
  readonly dataDir: string;
  readonly log: EventLogReader;
  readonly shell: CommandShell;
  readonly catalogue: EventCatalogue;
  readonly kinds: readonly RunKind[];
  /** A run could not go on just now and will try again: for the server's own log. */
  readonly onTrouble: (run: string, error: unknown, retryInSeconds: number) => void;
  readonly fileBytesMax?: number;
  /** Watches over the rows of a plan that a run applies. */
  readonly guard?: (plan: string, run: string) => RowGuard;
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
const fileBytesMax = 512 * 2 ** 20;
const runsAtOnceMax = 16;
const closeSecondsMax = 5;

/** Files and the runs that work through them. */
export class RunService {
  private readonly files: RunFiles;
  private readonly closing = new AbortController();
  private readonly underWay = new Map<string, Promise<void>>();
  private receiving = 0;

  constructor(private readonly options: RunServiceOptions) {
    this.files = new RunFiles(options.dataDir);
  }

  /** Lets the runs go on that an earlier process left unfinished. To be called once, before the first upload. */
  async resumeUnfinished(): Promise<void> {
    await this.files.prepare();
    for (const run of await this.files.unfinished()) {
      const begun = await this.startOf(run);
      const kind = this.options.kinds.find(({ kind }) => kind === begun?.started.kind);
      if (begun && kind) this.goOn(kind, begun.started, begun.sender);
      else if (!begun) await this.files.discard(run);
    }
  }

  /**
   * Receives a file; when this resolves, the file and its run are on disk. With a key of its sender's that came with the same file
   * before, it is the run of then.
   * @throws {BadFile} {@link FileTooLarge} {@link WrongMediaType} {@link TooManyRuns} {@link LogUnavailable} {@link KeyReused}
   */
  async start(kindName: string, upload: Upload, sender: Sender, key?: string): Promise<{ readonly run: string }> {
    const { kinds, shell, fileBytesMax: bytesMax = fileBytesMax } = this.options;
    const kind = kinds.find(({ kind }) => kind === kindName);
    if (!kind) throw new Error(`no kind of run is called ${kindName}`);
    const form = formOf(kind, upload.contentType);
    if (upload.size !== undefined && upload.size > drainedFactor * bytesMax) throw new FileTooLarge(bytesMax);
    if (this.underWay.size + this.receiving >= runsAtOnceMax) throw new TooManyRuns(runsAtOnceMax, 30);
    const run = randomUUID();
    this.receiving++;
    try {
      const file = await this.receive(run, upload, kind, form, bytesMax);
      const started = startedBy(run, kind, file, upload);
      const bodyHash = bodyHashOf(started);
      const meta = new RowMeta(run, sender, kind.command).ofRun();
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
      this.goOn(kind, started, sender);
    } finally {
      this.receiving--;
    }
    return { run };
  }

  /** The run that a key of this actor's was answered with; undefined where it was with none. */
  async answeredWith(actor: Actor, key: string): Promise<string | undefined> {
    const answer = await this.options.shell.begin(actor, false).load(keyOf(actor, key));
    const run = answer?.reply['run'];
    return typeof run === 'string' ? run : undefined;
  }

  /** `failed.csv` of a run; undefined where there is no such run or its file is gone. */
  async failedFile(run: string): Promise<FailedFile | undefined> {
    const { log, catalogue } = this.options;
    const begun = await this.startOf(run);
    if (!begun || (await this.files.size(run)) === undefined) return undefined;
    const { form, encoding } = begun.started.format;
    return { form, encoding, pieces: failedFile(this.files.path(run), form, run, log, catalogue) };
  }

  /** Lets every run end the batch it is in; they go on with the next start. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.race([Promise.all(this.underWay.values()), sleep(closeSecondsMax * 1000, undefined, { ref: false })]);
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

  private goOn(kind: RunKind, started: RunStarted['data'], sender: Sender): void {
    const { shell, onTrouble, guard } = this.options;
    const runner = new Runner(
      { shell, files: this.files, kind, guard, signal: this.closing.signal, onTrouble },
      started,
      sender,
    );
    const ended = runner.toEnd().finally(() => this.underWay.delete(started.run));
    this.underWay.set(started.run, ended);
  }

  /** How a run began; undefined where it is unknown. */
  private async startOf(run: string): Promise<{ started: RunStarted['data']; sender: Sender } | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(run)) return undefined;
    const { log, catalogue } = this.options;
    for await (const [event] of log.readStream(runStream(run).name))
      if (event) {
        const { actor, correlationId, client, reason, ticket } = event.meta;
        const sender = { actor: actor as Sender['actor'], correlationId, client, words: { reason, ticket } };
        return { started: upcast(catalogue, event) as unknown as RunStarted['data'], sender };
      }
    return undefined;
  }
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

/** Of all that a run was asked for with. */
function bodyHashOf({ file: { sha256 }, format: { form }, parameters, plan }: RunStarted['data']): string {
  if (form === 'csv' && Object.keys(parameters).length === 0 && plan === undefined) return sha256;
  return hash('sha256', canonicalJson([sha256, form, parameters, ...(plan === undefined ? [] : [plan])]), 'hex');
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
