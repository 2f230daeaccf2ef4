import { useAddress } from '../shell/address.js';

export interface Moment {
  /** `@<position>` or an instant; undefined: now. */
  readonly asOf: string | undefined;
  readonly isPast: boolean;
}

/** The moment that this page answers for; it stands in the address. */
export function useMoment(): Moment {
  const { search } = useAddress();
  const asOf = search['asOf'] === '' ? undefined : search['asOf'];
  return { asOf, isPast: asOf !== undefined };
}

/** The position of `@<position>`; undefined for anything else. */
export function positionOf(asOf: string | undefined): string | undefined {
  return /^@(\d{1,18})$/.exec(asOf ?? '')?.[1];
}

/** The instant that an address names, in UTC; undefined for anything else. A `+` that was not percent-encoded has become a space. */
export function instantOf(asOf: string | undefined): string | undefined {
  const text = (asOf ?? '').replace(/ (?=\d{2}:\d{2}$)/, '+');
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
