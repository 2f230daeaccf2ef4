import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { beforeFirst } from '#event-log';
import { copySqliteLog, verifySqliteLog } from '#event-log-sqlite';
import { partSuffix, unfinishedSuffix } from '#runs';
import { makeFolder } from '../make-folder.js';
import { copyFile, digestOf, sync, syncFolder, writeNew } from './files.js';
import { filesName, logName, type Manifest, writeManifest } from './manifest.js';
import { CannotBackUp } from './refusal.js';
import { UnfinishedRuns } from './unfinished-runs.js';

export interface BackupJob {
  readonly dataDir: string;
  /** Where the backup goes: it does not exist, or is empty. */
  readonly folder: string;
  /** Of the product. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** What is being done, in a few words, for whoever waits. */
  readonly tell: (progress: string) => void;
}

/** What a system says of a place where no folder can be made. */
const notHere: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENAMETOOLONG']);

/**
 * Takes a backup of a data folder that a server may be working on: the log as it stood at one moment, verified, and the files of its runs.
 * The folder is there as a whole or not at all.
 * @throws {CannotBackUp} {@link LogUnusable} {@link LogUnavailable}
 */
export async function backUp(job: BackupJob): Promise<Manifest['log']> {
  const folder = resolve(job.folder);
  const source = join(job.dataDir, logName);
  if (!existsSync(source))
    throw new CannotBackUp(
      `there is no event log in ${job.dataDir}; set HOMEWARD_DATA_DIR to the server's data folder`,
    );
  await assertEmpty(folder);
  const unfinished = await makeBeside(folder);
  try {
    const takenAt = new Date().toISOString();
    const { log, runs } = await backUpLog(job, source, unfinished);
    const files = await backUpFiles(job, unfinished, runs);
    await writeManifest(unfinished, { version: job.version, takenAt, source: job.dataDir, log, files });
    await syncFolder(unfinished);
    await putInPlace(unfinished, folder);
    return log;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function backUpLog(
  { signal, tell }: BackupJob,
  source: string,
  folder: string,
): Promise<{ log: Manifest['log']; runs: UnfinishedRuns }> {
  const target = join(folder, logName);
  await writeNew(target, '');
  await copySqliteLog(source, target, {
    signal,
    onProgress: (share) => tell(`copying the log: ${Math.floor(share * 100)} %`),
  });
  await chmod(target, 0o600);
  await sync(target);
  tell('verifying the copy');
  const runs = new UnfinishedRuns();
  const { position, events } = await verifySqliteLog(target, (event) => {
    signal.throwIfAborted();
    runs.take(event);
  });
  const lastPosition = position === beforeFirst ? null : `${position}`;
  return { log: { file: logName, ...(await digestOf(target, signal)), lastPosition, events }, runs };
}

/**
 * After the log: a run's file is in its place before the run is on record, and never changes. Which runs are to go on is told by the log
 * that was copied, not by the marks of now.
 */
async function backUpFiles(
  { dataDir, signal, tell }: BackupJob,
  folder: string,
  runs: UnfinishedRuns,
): Promise<Manifest['files']> {
  const source = join(dataDir, filesName);
  const target = join(folder, filesName);
  await mkdir(target, { mode: 0o700 });
  const files: Manifest['files'][number][] = [];
  const names = existsSync(source)
    ? (await readdir(source, { withFileTypes: true })).filter((entry) => entry.isFile())
    : [];
  for (const { name } of names) {
    if (name.endsWith(partSuffix) || name.endsWith(unfinishedSuffix)) continue;
    tell(`copying the files of runs: ${files.length}`);
    files.push({ name, ...(await copyFile(join(source, name), join(target, name), signal)) });
    const run = name.slice(0, name.indexOf('.'));
    if (!runs.has(run)) continue;
    const mark = run + unfinishedSuffix;
    await writeNew(join(target, mark), '');
    files.push({ name: mark, ...(await digestOf(join(target, mark), signal)) });
  }
  await syncFolder(target);
  return files;
}

async function assertEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new CannotBackUp(`${folder} must be a new or an empty folder (${code})`);
  }
  throw new CannotBackUp(`${folder} is not empty; name a folder that is new or empty`);
}

/** Where it is put together: next to its place, so that it can be moved there in one step. */
async function makeBeside(folder: string): Promise<string> {
  const unfinished = join(dirname(folder), `.${basename(folder)}.unfinished-${process.pid}`);
  try {
    makeFolder(dirname(folder));
    await mkdir(unfinished, { mode: 0o700 });
    return unfinished;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!notHere.has(code)) throw error;
    throw new CannotBackUp(`${folder} can't be made (${code}); name a folder where this user may write`);
  }
}

async function putInPlace(unfinished: string, folder: string): Promise<void> {
  // An empty folder gives way; one that was filled meanwhile does not.
  if (existsSync(folder)) await rmdir(folder);
  await rename(unfinished, folder);
  await syncFolder(dirname(folder));
}
