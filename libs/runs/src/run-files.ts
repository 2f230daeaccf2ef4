import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of the mark beside the file of a run that is to go on with the next start: `<run>.unfinished`, empty. */
export const unfinishedSuffix = '.unfinished';
/** Of a file that is being received. */
export const partSuffix = '.part';

/** The files that runs work through, in the data folder. They are kept: `failed.csv` is made of them. */
export class RunFiles {
  readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'files');
  }

  path(run: string): string {
    return join(this.folder, `${run}.csv`);
  }

  partPath(run: string): string {
    return this.path(run) + partSuffix;
  }

  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  /** Puts a received file in its place for good, marked as not worked through yet. The bytes are on disk already. */
  async keep(run: string): Promise<void> {
    await this.mark(run);
    await this.put(run);
  }

  /** The same, of a run that need not go on here. */
  async put(run: string): Promise<void> {
    await rename(this.partPath(run), this.path(run));
    await this.syncFolder();
  }

  /** The run is to go on with the next start again. */
  async mark(run: string): Promise<void> {
    await writeFile(this.markPath(run), '', { flush: true });
    await this.syncFolder();
  }

  /** The run is over; its file stays. */
  async unmark(run: string): Promise<void> {
    await rm(this.markPath(run), { force: true });
  }

  async discard(run: string): Promise<void> {
    for (const path of [this.partPath(run), this.path(run), this.markPath(run)]) await rm(path, { force: true });
  }

  /** Bytes of a run's file; undefined where it is gone. */
  async size(run: string): Promise<number | undefined> {
    const path = this.path(run);
    const there = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    return there ? (await stat(path)).size : undefined;
  }

  /** Runs that may have to go on; what uploads left behind when the process ended is removed. */
  async unfinished(): Promise<readonly string[]> {
    const names = await readdir(this.folder);
    for (const name of names.filter((name) => name.endsWith(partSuffix)))
      await rm(join(this.folder, name), { force: true });
    return names
      .filter((name) => name.endsWith(unfinishedSuffix))
      .map((name) => name.slice(0, -unfinishedSuffix.length));
  }

  private markPath(run: string): string {
    return join(this.folder, run + unfinishedSuffix);
  }

  /** Makes a rename durable. Windows has no such call and needs none. */
  private async syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
