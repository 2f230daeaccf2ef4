import { useSyncExternalStore } from 'react';
import { ask, onSignedOut, postJson } from './http.js';
import { ProblemError } from './problem.js';
import type { Role, Who } from './types.js';

export interface SessionState {
  /** Undefined: not known yet. Null: nobody. */
  readonly who: Who | null | undefined;
  readonly error: Error | null;
}

let state: SessionState = { who: undefined, error: null };
const listeners = new Set<() => void>();

function set(next: SessionState): void {
  state = next;
  if (next.who !== undefined) note(next.who !== null);
  for (const listener of listeners) listener();
}

const noteKey = 'homeward.wasSignedIn';

/** So that the next visit begins with what it will need. It says nothing of who. */
function note(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(noteKey, 'yes');
    else localStorage.removeItem(noteKey);
  } catch {
    // A browser that keeps nothing: the next visit learns it from the server.
  }
}

export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(noteKey) !== null;
  } catch {
    return false;
  }
}

onSignedOut(() => {
  if (state.who !== null) set({ who: null, error: null });
});

/** Asks who is signed in. */
export async function openSession(): Promise<void> {
  try {
    set({ who: (await ask<Who>('/api/session')).body, error: null });
  } catch (error) {
    if (error instanceof ProblemError && error.document.status === 401) set({ who: null, error: null });
    else set({ who: undefined, error: error as Error });
  }
}

/** @throws {ProblemError | UnreachableError} */
export async function signIn(token: string): Promise<void> {
  set({ who: (await postJson<Who>('/api/session', { token })).body, error: null });
}

/** @throws {ProblemError | UnreachableError} where the session goes on */
export async function signOut(): Promise<void> {
  await ask('/api/session', { method: 'DELETE' });
  forgetTab();
  set({ who: null, error: null });
}

/** What this tab keeps for a session that ends by itself, such as a draft, is nothing for whoever comes next. */
function forgetTab(): void {
  try {
    sessionStorage.clear();
  } catch {
    // A browser that keeps nothing.
  }
}

export function useSession(): SessionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Who is signed in; inside the shell somebody is. */
export function useWho(): Who {
  const { who } = useSession();
  if (!who) throw new Error('nobody is signed in');
  return who;
}

export function useMay(...wanted: readonly Role[]): boolean {
  const { who } = useSession();
  return who ? wanted.some((role) => who.roles.includes(role)) : false;
}
