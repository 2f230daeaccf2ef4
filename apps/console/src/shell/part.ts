import type { ReactNode } from 'react';

export type Component<P> = (props: P) => ReactNode;

/** A component in files of its own. */
export interface Part<P> {
  readonly load: () => Promise<Component<P>>;
  /** Undefined until its files have come. */
  readonly loaded: () => Component<P> | undefined;
}

export function part<P = object>(fetch: () => Promise<Component<P>>): Part<P> {
  let there: Component<P> | undefined;
  return {
    load: async () => (there ??= await fetch().catch(reloadedWhereGone)),
    loaded: () => there,
  };
}

/** What browsers say where a file of the console did not come. */
const notLoaded = /dynamically imported module|Importing a module script failed/i;
const reloadedKey = 'homeward.reloadedFor';

export function isNotLoaded(error: unknown): error is Error {
  return error instanceof Error && notLoaded.test(error.message);
}

/** A file that did not come once is never asked for again by a page: browsers keep the failure. */
export async function reloadWhereAnswered(): Promise<void> {
  if (await isServerThere()) location.reload();
}

/** An upgrade of the server takes the files that an open page has not asked for yet: the page is read anew then, though once for each file. */
async function reloadedWhereGone(error: unknown): Promise<never> {
  if (!isNotLoaded(error)) throw error;
  if (sessionStorage.getItem(reloadedKey) === error.message || !(await isServerThere())) throw error;
  sessionStorage.setItem(reloadedKey, error.message);
  location.reload();
  // Nothing is drawn any more: the document goes.
  return new Promise(() => undefined);
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch('/health/live', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
