import { BaseCommand, defineCommand, Is, outcome, type SipUri, subject } from '#kernel';
import { retireUser } from './homes.js';
import { userStream } from './user.js';

export class RetireUser extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;
}

export const retireUserCommand = defineCommand(RetireUser, {
  summary: 'Retire a user, whose connections and grant end with it',
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com' },
  subjects: ({ user }) => [subject.user(user)],
  handle: async ({ user }, tx) => {
    const stream = userStream(user);
    return outcome(stream, retireUser(await tx.load(stream), user));
  },
});
