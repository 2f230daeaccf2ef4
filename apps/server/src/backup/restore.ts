import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeFirst } from '#event-log';
import { ProcessLock, verifySqliteLog } from '#event-log-sqlite';
import { makeDataDir } from '../settings.js';
import { copyFile, type Digest, syncFolder } from './files.js';
import { filesName, logName, type Manifest, manifestName, readManifest } from './manifest.js';
import { CannotBackUp } from './refusal.js';

export interface RestoreJob {
  /** The folder of a backup. */
  readonly folder: string;
  /** Where it goes; holds no log. Made where it is not there. */
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly tell: (progress: string) => void;
}

/**
 * Puts a backup in the place of a log that is not there. Nothing is in its place before all of it is verified; the next start makes the read
 * models anew.
 * @throws {CannotBackUp} {@link LogUnusable} {@link LogUnavailable}
 */
export async function restore(job: RestoreJob): Promise<Manifest['log']> {
  const folder = resolve(job.folder);
  const manifest = await readManifest(folder);
  await assertComplete(folder, manifest);
  const target = join(makeDataDir(job.dataDir), logName);
  // No server can start there meanwhile; one that runs is named.
  const lock = ProcessLock.acquire(target);
  try {
    await assertVacant(job.dataDir);
    const staged = join(job.dataDir, 'restoring');
    await rm(staged, { recursive: true, force: true });
    try {
      await stage(job, folder, staged, manifest);
      await putInPlace(staged, job.dataDir);
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
  return manifest.log;
}

/** The files that the manifest names, of its sizes, and no others. */
async function assertComplete(folder: string, { log, files }: Manifest): Promise<void> {
  const named = new Map<string, number>([
    [log.file, log.bytes],
    ...files.map(({ name, bytes }) => [`${filesName}/${name}`, bytes] as const),
  ]);
  for (const [name, bytes] of named) {
    const size = await stat(join(folder, name)).then(
      (found) => found.size,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (size !== bytes)
      throw new CannotBackUp(
        typeof size === 'number'
          ? `${join(folder, name)} has ${size} bytes and not the ${bytes} of its manifest; use another backup`
          : `${join(folder, name)} can't be read (${size}), though the manifest names it; use another backup`,
      );
  }
  const inFiles = files.length > 0 ? await readdir(join(folder, filesName)) : [];
  const found = [...(await readdir(folder)), ...inFiles.map((name) => `${filesName}/${name}`)];
  const stranger = found.find((name) => name !== manifestName && name !== filesName && !named.has(name));
  if (stranger !== undefined)
    throw new CannotBackUp(`${join(folder, stranger)} is not in the manifest; remove it or use another backup`);
}

async function assertVacant(dataDir: string): Promise<void> {
  const there = (await readdir(dataDir)).find((name) => name === logName || name.startsWith(`${logName}-`));
  if (there !== undefined)
    throw new CannotBackUp(
      `${dataDir} holds an event log already (${there}); set HOMEWARD_DATA_DIR to a new folder, or move that log away`,
    );
  const files = join(dataDir, filesName);
  if (existsSync(files) && (await readdir(files)).length > 0)
    throw new CannotBackUp(`${files} is not empty; set HOMEWARD_DATA_DIR to a new folder, or move those files away`);
}

async function stage({ signal, tell }: RestoreJob, folder: string, staged: string, manifest: Manifest): Promise<void> {
  const { log, files } = manifest;
  await mkdir(join(staged, filesName), { recursive: true, mode: 0o700 });
  tell('copying the log');
  await copySame(join(folder, log.file), join(staged, logName), log, signal);
  for (const [index, { name, ...digest }] of files.entries()) {
    tell(`copying the files of runs: ${index} of ${files.length}`);
    await copySame(join(folder, filesName, name), join(staged, filesName, name), digest, signal);
  }
  tell('verifying every event');
  const { position, events } = await verifySqliteLog(join(staged, logName), () => signal.throwIfAborted());
  const lastPosition = position === beforeFirst ? null : `${position}`;
  if (lastPosition !== log.lastPosition || events !== log.events)
    throw new CannotBackUp(
      `${join(folder, log.file)} ends at position ${lastPosition} with ${events} events, its manifest says ${log.lastPosition} with ${log.events}; use another backup`,
    );
  await syncFolder(join(staged, filesName));
  await syncFolder(staged);
}

async function copySame(source: string, target: string, { bytes, sha256 }: Digest, signal: AbortSignal): Promise<void> {
  const copied = await copyFile(source, target, signal);
  if (copied.bytes !== bytes || copied.sha256 !== sha256)
    throw new CannotBackUp(`${source} is not as it was backed up (its SHA-256 differs); use another backup`);
}

/** The log comes last: where it is, everything is. */
async function putInPlace(staged: string, dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir))
    if (name.startsWith('views')) await rm(join(dataDir, name), { force: true });
  await rm(join(dataDir, filesName), { recursive: true, force: true });
  await rename(join(staged, filesName), join(dataDir, filesName));
  await rename(join(staged, logName), join(dataDir, logName));
  await syncFolder(dataDir);
}
