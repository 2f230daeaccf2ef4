import { BaseCommand, defineCommand, Is, outcome, type PoolId, type SipUri, subject } from '#kernel';
import { enrolUser, loadNewHome } from './homes.js';
import { userStream } from './user.js';

export class EnrolUser extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;

  @Is.Name('the name that people know', { optional: true })
  readonly displayName?: string;

  @Is.Guid('the GUID of the account in the directory', { optional: true })
  readonly guid?: string;

  @Is.Pool('the pool to home the user on', { optional: true })
  readonly pool?: PoolId;
}

export const enrolUserCommand = defineCommand(EnrolUser, {
  summary: 'Enrol a user, or bring up to date what is known of one',
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com', displayName: 'Tacoma Pilot' },
  subjects: ({ user, pool }) => [subject.user(user), ...(pool === undefined ? [] : [subject.pool(pool)])],
  handle: async (command, tx) => {
    const stream = userStream(command.user);
    const state = await tx.load(stream);
    const home = command.pool === undefined ? undefined : await loadNewHome(tx, state, command.pool);
    return outcome(stream, enrolUser(state, command, home));
  },
});
