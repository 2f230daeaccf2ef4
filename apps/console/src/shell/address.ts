import { createContext, use } from 'react';
import type { PagePart } from './pages.js';

export type Search = Readonly<Record<string, string | undefined>>;

export interface Address {
  readonly path: string;
  readonly search: Search;
  /** What the page's pattern names in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Changes parameters of this page; a correction of what is there replaces it in the browser's history. */
  readonly change: (changes: Search, options?: { readonly replace?: boolean }) => void;
  /** Another page at the same moment. */
  readonly go: (to: string, search?: Search) => void;
}

export interface Place extends Address {
  readonly page: PagePart | undefined;
  /** Another one than `path` while the files of its page are still to come. */
  readonly askedPath: string;
}

export const CurrentPlace = createContext<Place | undefined>(undefined);

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
  return usePlace();
}

/** With the page that is there. */
export function usePlace(): Place {
  const place = use(CurrentPlace);
  if (!place) throw new Error('there is an address in the console only');
  return place;
}
