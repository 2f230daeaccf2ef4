import { BaseCommand, defineCommand, Is, outcome, type PoolId, type SipUri, subject } from '#kernel';
import { homeUser, loadNewHome } from './homes.js';
import { userStream } from './user.js';

export class HomeUser extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;

  @Is.Pool('the pool to home the user on')
  readonly pool!: PoolId;
}

export const homeUserCommand = defineCommand(HomeUser, {
  summary: 'Home a user on a pool',
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com', pool: 'pool13-tacoma.contoso.com' },
  subjects: ({ user, pool }) => [subject.user(user), subject.pool(pool)],
  handle: async ({ user, pool }, tx) => {
    const stream = userStream(user);
    const state = await tx.load(stream);
    return outcome(stream, homeUser(state, user, await loadNewHome(tx, state, pool)));
  },
});
