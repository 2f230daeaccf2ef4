import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { BadFile, FileTooLarge } from './errors.js';
import type { FileFormat, RowScanner } from './row-scanner.js';

/** A file that was received and read through. */
export interface ReceivedFile {
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Rows, the header aside. */
  readonly total: number;
  readonly format: FileFormat;
  /** Those of the kind's columns that it has. */
  readonly columns: readonly string[];
  /** All of its columns, and what stands before them. */
  readonly header: readonly string[];
  readonly typeLine: string | null;
}

/** How many times the limit is read of a larger file, so that whoever sends it gets to hear why. */
export const drainedFactor = 2;

/**
 * Writes a body to `path` while reading it through; on disk when it resolves. A file that is bad or too large is
 * read on before it is refused, within bounds, so that whoever sends it gets to hear why.
 * @throws {BadFile} {@link FileTooLarge} and what the body or the disk throws; then `path` may hold a part of it
 */
export async function receiveFile(
  body: AsyncIterable<Uint8Array>,
  path: string,
  scanner: RowScanner,
  bytesMax: number,
): Promise<ReceivedFile> {
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    const check = new FileCheck(scanner);
    let size = 0;
    for await (const bytes of body) {
      size += bytes.length;
      if (size > drainedFactor * bytesMax) throw new FileTooLarge(bytesMax);
      if (size > bytesMax || !check.take(bytes)) continue;
      hash.update(bytes);
      await file.appendFile(bytes);
    }
    if (size > bytesMax) throw new FileTooLarge(bytesMax);
    const read = check.finish();
    await file.sync();
    return { size, sha256: hash.digest('hex'), ...read };
  } finally {
    await file.close();
  }
}

class FileCheck {
  private total = 0;
  private bad: BadFile | undefined;

  constructor(private readonly scanner: RowScanner) {}

  /** False once the file is known to be bad. */
  take(bytes: Uint8Array): boolean {
    if (!this.bad)
      this.attempt(() => {
        this.scanner.push(bytes);
        this.count();
      });
    return !this.bad;
  }

  finish(): Omit<ReceivedFile, 'size' | 'sha256'> {
    if (!this.bad)
      this.attempt(() => {
        this.scanner.finish();
        this.count();
      });
    if (this.bad) throw this.bad;
    const { format, columns, header, typeLine } = this.scanner;
    return { total: this.total, format, columns, header, typeLine };
  }

  private count(): void {
    while (this.scanner.next()) this.total++;
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      this.bad = error;
    }
  }
}
