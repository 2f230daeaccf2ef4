import { BaseCommand, defineCommand, Is, outcome, type PolicyId, type SipUri, subject, write } from '#kernel';
import { policyStream } from '#policy';
import { grantPolicy } from './grants.js';
import { userStream } from './user.js';

export class GrantPolicy extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;

  @Is.Policy('the policy to grant, tag:<name>; it replaces the one held before')
  readonly policy!: PolicyId;
}

export const grantPolicyCommand = defineCommand(GrantPolicy, {
  summary: 'Grant a policy to a user',
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com', policy: 'tag:tacoma-pilot' },
  subjects: ({ user, policy }) => [subject.user(user), subject.policy(policy)],
  handle: async (command, tx) => {
    const stream = userStream(command.user);
    const guarded = policyStream(command.policy);
    const policy = await tx.load(guarded);
    const decision = grantPolicy(await tx.load(stream), command, policy);
    if (!policy?.removing) return outcome(stream, decision);
    const withdrawn = { type: 'PolicyRemovalWithdrawn', data: { policy: policy.policy } } as const;
    return outcome(stream, decision, write(guarded, withdrawn));
  },
});
