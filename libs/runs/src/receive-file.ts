import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Columns } from './csv-file.js';
import { type CsvFormat, CsvReader } from './csv-reader.js';
import { BadFile, FileTooLarge } from './errors.js';
import type { Column } from './run-kind.js';

/** A file that was received and read through. */
export interface ReceivedFile {
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Rows, the header aside. */
  readonly total: number;
  readonly format: CsvFormat;
  /** Those of the kind's columns that it has. */
  readonly columns: readonly string[];
}

/**
 * Writes a body to `path` while reading it through as a CSV; on disk when it resolves. A file that is bad or too large is
 * read on before it is refused, within bounds, so that whoever sends it gets to hear why.
 * @throws {BadFile} {@link FileTooLarge} and what the body or the disk throws; then `path` may hold a part of it
 */
export async function receiveFile(
  body: AsyncIterable<Uint8Array>,
  path: string,
  wanted: readonly Column[],
  bytesMax: number,
): Promise<ReceivedFile> {
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    const check = new FileCheck(wanted);
    let size = 0;
    for await (const bytes of body) {
      size += bytes.length;
      if (size > 2 * bytesMax) throw new FileTooLarge(bytesMax);
      if (size > bytesMax || !check.take(bytes)) continue;
      hash.update(bytes);
      await file.appendFile(bytes);
    }
    if (size > bytesMax) throw new FileTooLarge(bytesMax);
    const { total, format, columns } = check.finish();
    await file.sync();
    return { size, sha256: hash.digest('hex'), total, format, columns };
  } finally {
    await file.close();
  }
}

class FileCheck {
  private readonly reader = new CsvReader();
  private columns: Columns | undefined;
  private total = 0;
  private bad: BadFile | undefined;

  constructor(private readonly wanted: readonly Column[]) {}

  /** False once the file is known to be bad. */
  take(bytes: Uint8Array): boolean {
    if (!this.bad)
      this.attempt(() => {
        this.reader.push(bytes);
        this.count();
      });
    return !this.bad;
  }

  finish(): Pick<ReceivedFile, 'total' | 'format' | 'columns'> {
    if (!this.bad)
      this.attempt(() => {
        this.reader.finish();
        this.count();
        this.columns ??= new Columns(this.wanted, this.reader.format);
      });
    if (this.bad) throw this.bad;
    return { total: this.total, format: this.reader.format, columns: this.columns?.found ?? [] };
  }

  private count(): void {
    while (this.reader.next()) {
      this.columns ??= new Columns(this.wanted, this.reader.format);
      this.total++;
    }
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
