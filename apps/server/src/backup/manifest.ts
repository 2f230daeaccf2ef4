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
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(path);
    const { code } = error as NodeJS.ErrnoException;
    throw new CannotBackUp(`${folder} is no backup: ${path} can't be read (${code}); name the folder of a backup`);
  }
  if (!isObject(manifest) || manifest['product'] !== 'homeward') throw damaged(path);
  const { sha256, ...rest } = manifest;
  if (rest['format'] !== formatVersion)
    throw new CannotBackUp(
      `${path} has the format ${String(rest['format'])}, this program reads ${formatVersion}; use the program that wrote it (${String(rest['version'])})`,
    );
  if (sha256 !== sealOf(rest)) throw damaged(path);
  if (!isManifest(rest))
    throw new CannotBackUp(`${path} does not name a log and files as a backup does; use another backup`);
  return rest;
}

/** It has all that a backup's has, and names no file outside of it. Whoever seals a manifest anew can write what he likes. */
function isManifest(
  manifest: Readonly<Record<string, unknown>>,
): manifest is Readonly<Record<string, unknown>> & Manifest {
  const { log, files } = manifest;
  return (
    hasDigest(log) &&
    log['file'] === logName &&
    Number.isSafeInteger(log['events']) &&
    (log['lastPosition'] === null || typeof log['lastPosition'] === 'string') &&
    Array.isArray(files) &&
    files.every((file) => hasDigest(file) && typeof file['name'] === 'string' && /^[\w-][\w.-]*$/.test(file['name']))
  );
}

function hasDigest(value: unknown): value is Readonly<Record<string, unknown>> & Digest {
  return isObject(value) && Number.isSafeInteger(value['bytes']) && typeof value['sha256'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function damaged(path: string): CannotBackUp {
  return new CannotBackUp(`${path} is not as it was written; use another backup`);
}

function sealOf(manifest: object): string {
  return createHash('sha256').update(canonicalJson(manifest)).digest('hex');
}
