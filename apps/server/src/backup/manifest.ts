import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '#kernel';
import { type Digest, writeNew } from './files.js';
import { CannotBackUp } from './refusal.js';

export const manifestName = 'manifest.json';
export const logName = 'events.db';
export const filesName = 'files';
const formatVersion = 1;

/** What a backup holds, and how to tell that it still does. */
export interface Manifest {
  readonly product: 'homeward';
  readonly format: number;
  /** Of the product that made it. */
  readonly version: string;
  /** UTC, ISO 8601. */
  readonly takenAt: string;
  /** The data folder it was taken from. */
  readonly source: string;
  readonly log: Digest & {
    readonly file: typeof logName;
    /** Of the last event; null where there is none. */
    readonly lastPosition: string | null;
    readonly events: number;
  };
  /** The files of runs, in `files/`. */
  readonly files: readonly (Digest & { readonly name: string })[];
}

export type Contents = Omit<Manifest, 'product' | 'format'>;

export async function writeManifest(folder: string, contents: Contents): Promise<void> {
  const manifest: Manifest = { product: 'homeward', format: formatVersion, ...contents };
  const sealed = { ...manifest, sha256: sealOf(manifest) };
  await writeNew(join(folder, manifestName), `${JSON.stringify(sealed, undefined, 2)}\n`);
}

/** @throws {CannotBackUp} where there is none, or it is not as it was written. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestName);
  let manifest: Manifest & { readonly sha256?: string };
  try {
    manifest = JSON.parse(await readFile(path, 'utf8')) as typeof manifest;
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(path);
    const { code } = error as NodeJS.ErrnoException;
    throw new CannotBackUp(`${folder} is no backup: ${path} can't be read (${code}); name the folder of a backup`);
  }
  if (typeof manifest !== 'object' || manifest === null || manifest.product !== 'homeward') throw damaged(path);
  if (manifest.format !== formatVersion)
    throw new CannotBackUp(
      `${path} has the format ${String(manifest.format)}, this program reads ${formatVersion}; use the program that wrote it (${manifest.version})`,
    );
  const { sha256, ...rest } = manifest;
  if (sha256 !== sealOf(rest) || !staysInside(rest)) throw damaged(path);
  return rest;
}

/** It names no file outside of the backup. */
function staysInside({ log, files }: Manifest): boolean {
  return log.file === logName && files.every(({ name }) => /^[\w-][\w.-]*$/.test(name));
}

function damaged(path: string): CannotBackUp {
  return new CannotBackUp(`${path} is not as it was written; use another backup`);
}

function sealOf(manifest: Manifest): string {
  return createHash('sha256').update(canonicalJson(manifest)).digest('hex');
}
