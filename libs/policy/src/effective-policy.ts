import type { Transaction } from '#kernel';
import { policyStream, type PolicyValue } from './policy.js';

/**
 * The one policy that counts for a user: the granted one (a complete override, also when it says no), else that of the site of
 * the home pool, else the global one.
 */
export function effectivePolicy(
  granted: PolicyValue | null | undefined,
  site: PolicyValue | null | undefined,
  global: PolicyValue,
): PolicyValue {
  const { policy, enabled } = granted ?? site ?? global;
  return { policy, enabled };
}

/** The effective policy of whoever holds the grant `granted` and is homed in `site`; reads no more than it rests on. */
export async function loadEffectivePolicy(
  tx: Transaction,
  granted: string | null,
  site: string | null,
): Promise<PolicyValue> {
  const held = granted === null ? null : await tx.load(policyStream(granted));
  const ofSite = held || site === null ? null : await tx.load(policyStream(`site:${site}`));
  const found = held ?? ofSite ?? (await tx.load(policyStream('global')));
  if (!found) throw new Error('the global policy always exists');
  return effectivePolicy(held, ofSite, found);
}
