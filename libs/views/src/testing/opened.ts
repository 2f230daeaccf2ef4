import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { estateProjections, estateViews, type InProcessOptions, openViewsInProcess, type Views } from '#views';
import { catalogue } from './catalogue.js';
import type { MemoryLog } from './memory-log.js';

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'homeward-views-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** The views of the estate over a log of a spec. */
export function open(folder: string, log: MemoryLog, options: Partial<InProcessOptions> = {}): Promise<Views> {
  const all = { folder, log, catalogue, definitions: estateViews, threads: [estateProjections] };
  return openViewsInProcess({ ...all, ...options });
}

/** The same, for the tests of a file: closed after each of them, the folders removed in the end. */
export function openedForTests(): typeof open {
  const opened: Views[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((views) => views.close())));
  afterAll(removeFolders);
  return async (...args) => {
    const views = await open(...args);
    opened.push(views);
    return views;
  };
}
