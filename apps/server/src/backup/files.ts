import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

export interface Digest {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

const chunkBytes = 1 << 20;
const ownerOnly = 0o600;

/** Copies a file into a new one, for the owner's eyes only; on disk when it resolves. */
export async function copyFile(source: string, target: string, signal: AbortSignal): Promise<Digest> {
  await using from = await open(source, 'r');
  await using to = await open(target, 'wx', ownerOnly);
  const digest = await read(from, signal, (bytes) => to.appendFile(bytes));
  await to.sync();
  return digest;
}

export async function digestOf(path: string, signal: AbortSignal): Promise<Digest> {
  await using file = await open(path, 'r');
  return await read(file, signal, () => Promise.resolve());
}

export async function writeNew(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', ownerOnly);
  await file.writeFile(text);
  await file.sync();
}

export async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

/** Makes what was renamed or made in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

async function read(
  file: FileHandle,
  signal: AbortSignal,
  take: (bytes: Uint8Array) => Promise<unknown>,
): Promise<Digest> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let bytes = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, null);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const part = chunk.subarray(0, bytesRead);
    hash.update(part);
    await take(part);
    bytes += bytesRead;
  }
}
