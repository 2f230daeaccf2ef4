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

/** The position of `@<position>`; undefined for an instant. */
export function positionOf(asOf: string | undefined): string | undefined {
  return asOf?.startsWith('@') ? asOf.slice(1) : undefined;
}
