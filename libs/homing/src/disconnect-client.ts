import { BaseCommand, type ClientId, defineCommand, Is, outcome, type SipUri, subject } from '#kernel';
import { disconnectClient } from './connections.js';
import { userStream } from './user.js';

export class DisconnectClient extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;

  @Is.Client('the client that disconnects')
  readonly client!: ClientId;
}

export const disconnectClientCommand = defineCommand(DisconnectClient, {
  summary: "Disconnect a user's client",
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com', client: 'lync-2013' },
  subjects: ({ user }) => [subject.user(user)],
  handle: async ({ user, client }, tx) => {
    const stream = userStream(user);
    return outcome(stream, disconnectClient(await tx.load(stream), user, client));
  },
});
