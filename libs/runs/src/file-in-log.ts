import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  type Actor,
  describeEvents,
  type DomainEvent,
  type EventCatalogue,
  type StreamRef,
  streamOf,
  type StreamType,
  write,
} from '#kernel';
import { type CommandShell, type EventLogReader, upcast } from '#event-log';

/** A piece of an uploaded file, for nodes that have it not on their own disk. The whole file is named by its hash, so it is there once. */
export type FileKept = DomainEvent<
  'FileKept',
  {
    /** Of the whole file, hex. */
    readonly sha256: string;
    /** The first byte of the piece in the file. */
    readonly from: number;
    readonly bytes: number;
    /** The piece, base64 of gzip. */
    readonly gzip: string;
  }
>;

/** Bytes that are there, from the first one on. */
type KeptBytes = number;

const files: StreamType<KeptBytes, FileKept> = {
  category: 'file',
  initial: 0,
  evolve: (_, { data }) => data.from + data.bytes,
};

const fileStream = (sha256: string): StreamRef<KeptBytes, FileKept> => streamOf(files, sha256);

export const fileEvents = describeEvents<FileKept>({
  FileKept: {
    schemaVersion: 1,
    subjects: () => [],
    internal: true,
    say: ({ sha256, from, bytes }) => `kept ${bytes} bytes from ${from} of the file ${sha256}`,
  },
});

/** What tells a file from every other one. */
export interface FileIdentity {
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/** Text that does not get smaller takes 175 kB as an event, most files a tenth of that. */
const pieceBytes = 128 << 10;
/** In one append. */
const piecesMax = 8;
/** Whatever an event says, no more is unpacked. */
const unpackedBytesMax = 1 << 20;
const squeeze = promisify(gzip);
const unsqueeze = promisify(gunzip);

/**
 * Keeps a file in the log, from where an earlier attempt or another node has come to; all of it is there when this resolves.
 * @param meta canonical JSON
 * @throws {LogUnavailable}
 */
export async function keepInLog(
  path: string,
  { size, sha256 }: FileIdentity,
  shell: CommandShell,
  actor: Actor,
  meta: string,
): Promise<void> {
  const stream = fileStream(sha256);
  let kept = await shell.begin(actor, false).load(stream);
  while (kept < size) {
    const from = kept;
    const pieces = await piecesFrom(path, sha256, from, size);
    const { value } = await shell.batch(actor, async (unit) => {
      const now = await unit.load(stream);
      // Another node keeps the same file.
      if (now !== from) return now;
      for (const data of pieces) await unit.record(write(stream, { type: 'FileKept', data }), meta);
      return unit.load(stream);
    });
    if (value <= from) throw new Error(`${path} is shorter than ${size} bytes`);
    kept = value;
  }
}

async function piecesFrom(path: string, sha256: string, from: number, size: number): Promise<FileKept['data'][]> {
  await using file = await open(path, 'r');
  const pieces: FileKept['data'][] = [];
  for (let at = from; at < size && pieces.length < piecesMax; at += pieceBytes) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at);
    const packed = await squeeze(buffer.subarray(0, bytesRead));
    if (bytesRead > 0) pieces.push({ sha256, from: at, bytes: bytesRead, gzip: packed.toString('base64') });
  }
  return pieces;
}

/**
 * Writes a file of the log to `path`, on disk when it resolves; false where not all of it is there. Its hash is verified.
 * @throws where the log holds something else under this hash; then `path` may hold a part of it
 */
export async function fetchFromLog(
  path: string,
  { size, sha256 }: FileIdentity,
  log: EventLogReader,
  catalogue: EventCatalogue,
): Promise<boolean> {
  await using file = await open(path, 'w');
  const hash = createHash('sha256');
  let written = 0;
  for await (const page of log.readStream(fileStream(sha256).name))
    for (const event of page) {
      const { from, bytes, gzip: packed } = upcast(catalogue, event) as unknown as FileKept['data'];
      const piece = await unpacked(packed, sha256);
      if (from !== written || piece.length !== bytes) throw damaged(sha256);
      hash.update(piece);
      await file.appendFile(piece);
      written += bytes;
    }
  if (written < size) return false;
  if (written !== size || hash.digest('hex') !== sha256) throw damaged(sha256);
  await file.sync();
  return true;
}

async function unpacked(piece: string, sha256: string): Promise<Buffer> {
  try {
    return await unsqueeze(Buffer.from(piece, 'base64'), { maxOutputLength: unpackedBytesMax });
  } catch (error) {
    throw damaged(sha256, error);
  }
}

function damaged(sha256: string, cause?: unknown): Error {
  return new Error(`the log holds something else than the file ${sha256}`, { cause });
}
