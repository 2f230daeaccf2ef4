import { useSyncExternalStore } from 'react';
import { currentSession, onSession, type SessionState } from './session.js';
import type { Role, Who } from './types.js';

export function useSession(): SessionState {
  return useSyncExternalStore(onSession, currentSession);
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
