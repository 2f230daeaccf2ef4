import { createReadStream } from 'node:fs';

/** What takes a file piece by piece. */
interface TakesPieces {
  push(bytes: Uint8Array): void;
  finish(): void;
}

/** Bytes read from the disk at a time. */
const pieceBytes = 256 * 1024;

/** Reads a stored file: after each piece the reader is given out, to be asked for what it now has. */
export async function* readThrough<R extends TakesPieces>(path: string, reader: R): AsyncGenerator<R, void, undefined> {
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
    reader.push(piece as Buffer);
    yield reader;
  }
  reader.finish();
  yield reader;
}
