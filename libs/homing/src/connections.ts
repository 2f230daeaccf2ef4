import { type ClientId, type Decision, type DeploymentId, Refused, type SipUri } from '#kernel';
import type { Deployment } from '#topology';
import { accessOf, type AccessFacts } from './access.js';
import { type ClientDisconnected, type KnownUser, unknownUser, type User, type UserEvent } from './user.js';

type Because = ClientDisconnected['data']['because'];

/** The end of a client's connection; nothing where it has none. */
export function disconnected(
  { user, clients }: KnownUser,
  client: ClientId,
  because: Because,
): readonly ClientDisconnected[] {
  const deployment = clients[client];
  return deployment === undefined ? [] : [{ type: 'ClientDisconnected', data: { user, client, deployment, because } }];
}

export function connectClient(
  state: User,
  wanted: { readonly user: SipUri; readonly client: ClientId; readonly deployment: DeploymentId },
  deployment: Deployment,
  { home, effective }: Pick<AccessFacts, 'home' | 'effective'>,
): Decision<UserEvent> {
  const { client } = wanted;
  const connected = state?.clients[client] === wanted.deployment;
  // A connection that stands is left standing, whatever its rules would say today; not in what is gone.
  if (connected && deployment?.status !== 'decommissioned') return [];
  const { refusals } = accessOf(wanted, { user: state, deployment, home, effective });
  if (refusals.length > 0 || !state) return new Refused(refusals);
  const { user } = state;
  return [
    ...disconnected(state, client, 'connected-elsewhere'),
    { type: 'ClientConnected', data: { user, client, deployment: wanted.deployment } },
  ];
}

export function disconnectClient(state: User, user: SipUri, client: ClientId): Decision<UserEvent> {
  return state ? disconnected(state, client, 'asked') : new Refused([unknownUser(user)]);
}
