import { BaseCommand, defineCommand, Is, outcome, type PolicyId, subject } from '#kernel';
import { enablePolicy, policyStream } from './policy.js';

export class EnablePolicy extends BaseCommand {
  @Is.Policy('global, site:<site> or tag:<name>')
  readonly policy!: PolicyId;
}

export const enablePolicyCommand = defineCommand(EnablePolicy, {
  summary: 'Enable a policy',
  role: 'operator',
  example: { policy: 'tag:tacoma-pilot' },
  subjects: ({ policy }) => [subject.policy(policy)],
  handle: async ({ policy }, tx) => {
    const stream = policyStream(policy);
    return outcome(stream, enablePolicy(await tx.load(stream), policy));
  },
});
