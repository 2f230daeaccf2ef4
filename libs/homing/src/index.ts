import { anyCommand, type Context } from '#kernel';
import { connectClientCommand } from './connect-client.js';
import { disconnectClientCommand } from './disconnect-client.js';
import { enrolUserCommand } from './enrol-user.js';
import { grantPolicyCommand } from './grant-policy.js';
import { homeUserCommand } from './home-user.js';
import { retireUserCommand } from './retire-user.js';
import { revokePolicyCommand } from './revoke-policy.js';
import { userEvents } from './user.js';

export { accessOf, notReady } from './access.js';
export type { Access, AccessFacts, Home } from './access.js';
export { enrolUserCommand, grantPolicyCommand, homeUserCommand, revokePolicyCommand };
export { userStream } from './user.js';
export type { KnownUser, User, UserEvent } from './user.js';

export const homing: Context = {
  commands: [
    anyCommand(enrolUserCommand),
    anyCommand(homeUserCommand),
    anyCommand(grantPolicyCommand),
    anyCommand(connectClientCommand),
    anyCommand(disconnectClientCommand),
    anyCommand(revokePolicyCommand),
    anyCommand(retireUserCommand),
  ],
  events: userEvents,
};
