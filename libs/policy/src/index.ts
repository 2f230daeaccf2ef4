import { anyCommand, type Context } from '#kernel';
import { createPolicyCommand } from './create-policy.js';
import { disablePolicyCommand } from './disable-policy.js';
import { enablePolicyCommand } from './enable-policy.js';
import { policyEvents } from './policy.js';
import { removePolicyCommand } from './remove-policy.js';

export { effectivePolicy, loadEffectivePolicy } from './effective-policy.js';
export { isGrantable, policyStream, unknownPolicy } from './policy.js';
export type { Policy, PolicyEvent, PolicyValue } from './policy.js';

export const policy: Context = {
  commands: [
    anyCommand(createPolicyCommand),
    anyCommand(disablePolicyCommand),
    anyCommand(enablePolicyCommand),
    anyCommand(removePolicyCommand),
  ],
  events: policyEvents,
};
