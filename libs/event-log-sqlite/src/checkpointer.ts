import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type Database from 'better-sqlite3';

/** Write-ahead frames (pages) after which they are copied into the file. */
const framesMax = 8192;
const pageBytes = 4096;

/**
 * Keeps the write-ahead log short. A worker thread copies nearly all of it while the writer goes on; then the writer copies the few
 * frames that came meanwhile, which lets SQLite start the write-ahead log from its beginning.
 */
export class Checkpointer {
  private frames = 0;
  private worker: Worker | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
    private readonly onFailed: (error: unknown) => void,
  ) {}

  /** Tells what a commit has added: for each record about one page of the index, and the pages of its text. */
  wrote(records: number, characters: number): void {
    this.frames += records + Math.ceil(characters / pageBytes) + 1;
    if (this.frames >= framesMax && !this.running) this.running = this.run();
  }

  async close(): Promise<void> {
    await this.running;
    await this.worker?.terminate();
    this.attempt('truncate');
  }

  private async run(): Promise<void> {
    this.frames = 0;
    try {
      await this.runInWorker();
    } catch (error) {
      this.worker = undefined;
      this.onFailed(error);
    }
    this.attempt('passive');
    this.running = undefined;
  }

  private async runInWorker(): Promise<void> {
    this.worker ??= startWorker(this.file);
    const answered = once(this.worker, 'message');
    this.worker.ref();
    this.worker.postMessage('checkpoint');
    await answered;
    this.worker.unref();
  }

  /** A checkpoint that fails loses nothing: what was committed stays in the write-ahead log, and the next one takes it along. */
  private attempt(mode: 'passive' | 'truncate'): void {
    try {
      this.db.pragma(`wal_checkpoint(${mode})`);
    } catch (error) {
      this.onFailed(error);
    }
  }
}

function startWorker(file: string): Worker {
  const extension = extname(fileURLToPath(import.meta.url));
  return new Worker(new URL(`./checkpoint-worker${extension}`, import.meta.url), { workerData: { file } });
}
