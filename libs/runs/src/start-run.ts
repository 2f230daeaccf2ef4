import { randomUUID } from 'node:crypto';
import { write } from '#kernel';
import { type CommandShell, KeyReused } from '#event-log';
import { orNoRoom } from './no-room.js';
import { type ReceivedFile, receiveFile } from './receive-file.js';
import { RowMeta, type Sender } from './row-meta.js';
import { type FileForm, rowScanner } from './row-scanner.js';
import type { RunClaims } from './run-claims.js';
import type { RunFiles } from './run-files.js';
import { answeredWith, bodyHashOf, hashOfApplying, keyOf, runOfKey } from './run-key.js';
import type { RunKind } from './run-kind.js';
import { type RunStarted, runStream } from './run.js';
import type { RunsUnderWay } from './runs-under-way.js';
import type { SharedFiles } from './shared-files.js';
import { assertPromised, formOf, type Upload } from './upload.js';

export interface StartRunOptions {
  readonly shell: CommandShell;
  readonly files: RunFiles;
  readonly shared: SharedFiles;
  readonly underWay: RunsUnderWay;
  readonly claims: RunClaims | undefined;
  readonly fileBytesMax: number;
}

/** A file that is to become a run. */
export interface Sent {
  readonly kind: RunKind;
  readonly upload: Upload;
  readonly sender: Sender;
  readonly key: string | undefined;
}

/** Receives a file and starts its run: both are on disk when it resolves. With a key that came with the same file before, it is the run of then. */
export async function startRun(sent: Sent, options: StartRunOptions): Promise<{ readonly run: string }> {
  const { kind, upload, sender } = sent;
  const { files, underWay, fileBytesMax: bytesMax } = options;
  const form = formOf(kind, upload.contentType);
  assertPromised(upload, bytesMax);
  return underWay.withRoom(async () => {
    const run = randomUUID();
    const meta = new RowMeta(run, sender, kind.command).ofRun();
    const file = await receive(run, form, sent, meta, options);
    const started = startedBy(run, kind, file, upload);
    const known = await record(started, sent, meta, options);
    if (known === run) underWay.begin(kind, started, sender);
    else await files.discard(run);
    return { run: known };
  });
}

async function receive(
  run: string,
  form: FileForm,
  { kind, upload, sender }: Sent,
  meta: string,
  { files, shared, fileBytesMax: bytesMax }: StartRunOptions,
): Promise<ReceivedFile> {
  try {
    await files.prepare();
    const file = await receiveFile(upload.body, files.partPath(run), rowScanner(form, kind), bytesMax);
    await files.keep(run);
    await shared.share(run, file, sender.actor, meta);
    return file;
  } catch (error) {
    await files.discard(run);
    throw orNoRoom(error);
  }
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

/** The run that is on record now: this one, or that of a key that came before. */
async function record(
  started: RunStarted['data'],
  { kind, upload: { plan }, sender: { actor }, key }: Sent,
  meta: string,
  { shell, files, claims }: StartRunOptions,
): Promise<string> {
  const { run } = started;
  const bodyHash = plan ? hashOfApplying(plan) : bodyHashOf(started);
  let notApplied: unknown;
  const { value } = await shell
    .batch(actor, async (unit) => {
      const earlier = key === undefined ? undefined : await runOfKey(unit, actor, key, kind, bodyHash);
      if (earlier !== undefined) return earlier;
      await plan?.record(unit, run).catch((error: unknown) => {
        notApplied = error;
        throw error;
      });
      await unit.record(write(runStream(run), { type: 'RunStarted', data: started }), meta);
      await claims?.claimIn(unit, run);
      if (key !== undefined) await unit.record(write(keyOf(actor, key), answeredWith(run, kind, bodyHash)), meta);
      return run;
    })
    .catch(async (error: unknown) => {
      // Of anything else it is not known that nothing is on record.
      if (error instanceof KeyReused || error === notApplied) await files.discard(run);
      throw error;
    });
  return value;
}
