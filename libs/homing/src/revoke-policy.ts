import { BaseCommand, defineCommand, Is, outcome, type SipUri, subject } from '#kernel';
import { revokePolicy } from './grants.js';
import { userStream } from './user.js';

export class RevokePolicy extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;
}

export const revokePolicyCommand = defineCommand(RevokePolicy, {
  summary: 'Revoke the policy that was granted to a user',
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com' },
  subjects: ({ user }) => [subject.user(user)],
  handle: async ({ user }, tx) => {
    const stream = userStream(user);
    return outcome(stream, revokePolicy(await tx.load(stream), user));
  },
});
