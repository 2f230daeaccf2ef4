import { BaseCommand, defineCommand, Is, outcome, type PolicyId, Prepared, Refused, subject, write } from '#kernel';
import { isGrantable, policyStream, removePolicy } from './policy.js';

export class RemovePolicy extends BaseCommand {
  @Is.Policy('site:<site> or tag:<name>; global is reset to disabled')
  readonly policy!: PolicyId;
}

export const removePolicyCommand = defineCommand(RemovePolicy, {
  summary: 'Remove a policy that nobody holds; reset the global one',
  role: 'operator',
  example: { policy: 'site:Tacoma' },
  subjects: ({ policy }) => [subject.policy(policy)],
  handle: async ({ policy }, tx) => {
    const stream = policyStream(policy);
    const state = await tx.load(stream);
    if (!state || !isGrantable(policy)) return outcome(stream, removePolicy(state, policy, 0));
    const decision = removePolicy(state, policy, await tx.counting.policyHolders(state.policy));
    const named = { policy: state.policy };
    if (decision instanceof Refused) {
      const door = state.removing ? [write(stream, { type: 'PolicyRemovalWithdrawn', data: named })] : [];
      return new Refused(decision.refusals, door);
    }
    // Nobody holds it now; it may go once the door is closed and still nobody holds it.
    if (!state.removing && !tx.planning)
      return new Prepared([write(stream, { type: 'PolicyRemovalBegun', data: named })]);
    return outcome(stream, decision);
  },
});
