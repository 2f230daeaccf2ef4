import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Puts what was written to an open file on the disk. */
export type Flush = (fileDescriptor: number) => Promise<void>;

const flushed: Flush = promisify(fdatasync);

/**
 * Flushes the write-ahead log beside the event log from a thread of the pool: the disk is waited for, the event loop is not. SQLite
 * keeps the file for as long as a connection is open, and puts no lock on it that closing it here could drop.
 */
export class WriteAheadFlush {
  private readonly fileDescriptor: number;

  constructor(
    file: string,
    private readonly flush: Flush = flushed,
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

  run(): Promise<void> {
    return this.flush(this.fileDescriptor);
  }

  close(): void {
    closeSync(this.fileDescriptor);
  }
}
