import { useState } from 'react';
import { useWho } from '../../api/use-session.js';
import type { Draft } from './body-of.js';

/** Whose draft of which form it is. */
export interface DraftOwner {
  readonly who: string;
  readonly form: string;
}

const storageKey = 'homeward.draft';

/** The last form that was written in, for as long as its tab is open; of another form or another's there is none. */
export function keptDraft({ who, form }: DraftOwner): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Partial<DraftOwner & { draft: Draft }>;
    return kept.who === who && kept.form === form ? kept.draft : undefined;
  } catch {
    // A browser that keeps nothing, or somebody's own text: the form begins anew.
    return undefined;
  }
}

export function keepDraft({ who, form }: DraftOwner, draft: Draft): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify({ who, form, draft }));
  } catch {
    // It holds until the page is closed, or somebody has to sign in again.
  }
}

export function dropDraft(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept.
  }
}

interface KeptDraft {
  readonly draft: Draft;
  readonly write: (draft: Draft) => void;
  /** It was sent: the next form begins anew. */
  readonly drop: () => void;
  /** Another form takes its place, and what stands in it. */
  readonly handOn: (form: string) => void;
}

/** What stands in a form. It outlives the session: who has to sign in again finds it as it was. */
export function useKeptDraft(form: string, prefilled: Draft): KeptDraft {
  const owner = { who: useWho().name, form };
  const [draft, setDraft] = useState(() => keptDraft(owner) ?? prefilled);
  const write = (next: Draft): void => {
    setDraft(next);
    keepDraft(owner, next);
  };
  return { draft, write, drop: dropDraft, handOn: (next) => keepDraft({ who: owner.who, form: next }, draft) };
}
