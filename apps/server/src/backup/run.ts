import { LogUnavailable, LogUnusable } from '#event-log';
import { readStorageSettings, WrongSetting } from '../settings.js';
import { version } from '../version.js';
import { backUp } from './back-up.js';
import { CannotBackUp } from './refusal.js';
import { restore } from './restore.js';

const exitCodes = { fine: 0, unexpected: 1, asked: 2 } as const;
const usage = `name one folder: npm run backup -- <folder>, or npm run restore -- <folder>`;
const clusterHasItsOwn =
  'HOMEWARD_EVENT_LOG names a KurrentDB cluster: back it up and restore it by its own means (docs/operations.md)';
const tellEveryMs = 1000;

/** `backup <folder>` or `restore <folder>`; answers the exit code. The result goes to stdout, all else to stderr. */
export async function run([task, folder, ...others]: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stopping.abort(new Error(`ended by ${signal}; nothing was left behind`)));
  const { signal } = stopping;
  // Whatever is made here holds the whole history: it is for its owner alone.
  process.umask(0o077);
  try {
    if ((task !== 'backup' && task !== 'restore') || !folder || folder.startsWith('-') || others.length > 0)
      throw new CannotBackUp(usage);
    const { eventLog, dataDir } = readStorageSettings(process.env);
    if (eventLog !== 'sqlite') throw new CannotBackUp(clusterHasItsOwn);
    const job = { dataDir, folder, signal, tell: teller(task) };
    const { lastPosition, events } = task === 'backup' ? await backUp({ ...job, version }) : await restore(job);
    const upTo = lastPosition === null ? 'an empty log' : `${events} events, up to position ${lastPosition}`;
    process.stdout.write(
      task === 'backup'
        ? `backed up ${dataDir} to ${folder}: ${upTo}\n`
        : `restored ${folder} to ${dataDir}: ${upTo}; the next start makes the views anew\n`,
    );
    return exitCodes.fine;
  } catch (error) {
    const reason = signal.aborted ? (signal.reason as Error) : error;
    process.stderr.write(`${lineFor(reason)}\n`);
    const expected =
      reason instanceof CannotBackUp ||
      reason instanceof WrongSetting ||
      reason instanceof LogUnusable ||
      reason instanceof LogUnavailable;
    return expected ? exitCodes.asked : exitCodes.unexpected;
  }
}

function lineFor(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const { code } = reason as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'SQLITE_FULL'
    ? 'no space is left where it was to be written; nothing was left behind: make room, or name another folder'
    : reason.message;
}

/** Says what is being done at most once a second. */
function teller(task: string): (progress: string) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < tellEveryMs) return;
    last = now;
    process.stderr.write(`${task}: ${progress}\n`);
  };
}
