import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Puts what was written to an open file on the disk. */
export type Flush = (fileDescriptor: number) => Promise<void>;

const inPool: Flush = promisify(fdatasync);

/** To the pool and back takes about as long; a disk that needs more on average is not waited for on this thread. */
const quickMs = 0.5;
const weightOfOne = 1 / 16;
/** So many flushes of a slow disk are left to the pool until one shows whether it has become quick. */
const pooledBetweenLooks = 256;

/**
 * Flushes the write-ahead log beside the event log: a slow disk is waited for by a thread of the pool, so that the event loop goes on; a
 * quick one in place. SQLite keeps the file for as long as a connection is open, and puts no lock on it that closing it here could drop.
 */
export class WriteAheadFlush {
  private readonly fileDescriptor: number;
  private usualMs = 0;
  private pooled = 0;

  constructor(
    file: string,
    /** Instead of the disk. */
    private readonly flush?: Flush,
    /** ms; asked before and after each flush in place. */
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.fileDescriptor = openSync(`${file}-wal`, 'r+');
    try {
      // A process that was killed may have left there what it never flushed. From now on it is read, so it must last.
      fdatasyncSync(this.fileDescriptor);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async run(): Promise<void> {
    if (this.flush) return await this.flush(this.fileDescriptor);
    if (this.pooled > 0) {
      this.pooled--;
      return await inPool(this.fileDescriptor);
    }
    const begun = this.clock();
    fdatasyncSync(this.fileDescriptor);
    this.usualMs += (this.clock() - begun - this.usualMs) * weightOfOne;
    if (this.usualMs <= quickMs) return;
    this.usualMs = quickMs;
    this.pooled = pooledBetweenLooks;
  }

  close(): void {
    closeSync(this.fileDescriptor);
  }
}
