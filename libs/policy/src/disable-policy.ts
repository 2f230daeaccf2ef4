import { BaseCommand, defineCommand, Is, outcome, type PolicyId, subject } from '#kernel';
import { disablePolicy, policyStream } from './policy.js';

export class DisablePolicy extends BaseCommand {
  @Is.Policy('global, site:<site> or tag:<name>')
  readonly policy!: PolicyId;
}

export const disablePolicyCommand = defineCommand(DisablePolicy, {
  summary: 'Disable a policy',
  role: 'operator',
  example: { policy: 'tag:tacoma-pilot' },
  subjects: ({ policy }) => [subject.policy(policy)],
  handle: async ({ policy }, tx) => {
    const stream = policyStream(policy);
    return outcome(stream, disablePolicy(await tx.load(stream), policy));
  },
});
