import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Search = Readonly<Record<string, string | undefined>>;

export interface Address {
  readonly path: string;
  readonly search: Search;
  /** Changes parameters of this page; a correction of what is there replaces it in the browser's history. */
  readonly change: (changes: Search, options?: { readonly replace?: boolean }) => void;
  /** Another page at the same moment. */
  readonly go: (to: string, search?: Search) => void;
}

/** Parameters are plain text: an address can be written by hand. */
export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (typeof value === 'string' && value !== '') query.set(name, value);
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%40', '@').replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

export function useAddress(): Address {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const current = search as Search;
  const change = useCallback(
    (changes: Search, { replace = false } = {}) =>
      void navigate({ to: '.', search: (before: Search) => ({ ...before, ...changes }), replace }),
    [navigate],
  );
  const go = useCallback(
    (to: string, wanted: Search = {}) =>
      void navigate({ to, search: (before: Search) => ({ asOf: before['asOf'], ...wanted }) }),
    [navigate],
  );
  return { path: pathname, search: current, change, go };
}
