import type { Generation, Status } from '../api/types.js';
import type { Words } from '../i18n/i18n.js';

/** The gates of a legacy thing, as contract §2.4 lists them. */
export const gatesOf = { deployment: 7, pool: 8 } as const;

/** `5 of 7`; what is no legacy thing has none. */
export function openGates(
  t: Words,
  {
    generation,
    status,
    openGates,
  }: { readonly generation: Generation; readonly status: Status; readonly openGates: readonly string[] },
  all: number,
): string {
  if (generation === 'lync-2013') return '—';
  return status === 'decommissioned' ? t('gates.passed') : t('gates.met', { met: all - openGates.length, all });
}
