import { ask, onSignedOut, postJson } from './http.js';
import { ProblemError } from './problem.js';
import type { Who } from './types.js';

export interface SessionState {
  /** Undefined: not known yet. Null: nobody. */
  readonly who: Who | null | undefined;
  readonly error: Error | null;
}

let state: SessionState = { who: undefined, error: null };
const listeners = new Set<() => void>();

export function currentSession(): SessionState {
  return state;
}

/** Tells of each change until it is ended. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

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
