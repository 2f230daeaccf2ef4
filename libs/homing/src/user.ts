import {
  type ClientId,
  describeEvents,
  type DeploymentId,
  type DomainEvent,
  neverEvent,
  type PolicyId,
  type PoolId,
  type Refusal,
  type SipUri,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
} from '#kernel';

interface OfUser {
  readonly user: SipUri;
}
interface Described {
  readonly displayName?: string;
  readonly guid?: string;
}
/** A retired user who comes back is enrolled with what was known before where nothing new is given. */
export type UserEnrolled = DomainEvent<'UserEnrolled', OfUser & Described>;
/** Only what differs from before. */
export type UserDescribed = DomainEvent<'UserDescribed', OfUser & Described>;
export type UserHomed = DomainEvent<'UserHomed', OfUser & { readonly from: PoolId | null; readonly to: PoolId }>;
/** Homed nowhere from now on. */
export type UserRetired = DomainEvent<'UserRetired', OfUser>;
export type PolicyGranted = DomainEvent<'PolicyGranted', OfUser & { readonly policy: PolicyId }>;
export type PolicyRevoked = DomainEvent<
  'PolicyRevoked',
  OfUser & { readonly policy: PolicyId; readonly because: 'asked' | 'user-retired' }
>;
interface Connection {
  readonly client: ClientId;
  readonly deployment: DeploymentId;
}
export type ClientConnected = DomainEvent<'ClientConnected', OfUser & Connection>;
export type ClientDisconnected = DomainEvent<
  'ClientDisconnected',
  OfUser & Connection & { readonly because: 'asked' | 'connected-elsewhere' | 'user-homed' | 'user-retired' }
>;
export type UserEvent =
  | UserEnrolled
  | UserDescribed
  | UserHomed
  | UserRetired
  | PolicyGranted
  | PolicyRevoked
  | ClientConnected
  | ClientDisconnected;

const becauseOf = {
  asked: '',
  'connected-elsewhere': ', which is connected elsewhere now',
  'user-homed': ', which the new home no longer permits',
  'user-retired': ', as the user is retired',
} as const;

const described = ({ displayName, guid }: Described): string =>
  [displayName, guid].filter((word) => word !== undefined).join(', ');

export const userEvents = describeEvents<UserEvent>({
  UserEnrolled: {
    schemaVersion: 1,
    subjects: ({ user }) => [subject.user(user)],
    say: ({ user, displayName }) => `enrolled ${user}${displayName === undefined ? '' : ` (${displayName})`}`,
  },
  UserDescribed: {
    schemaVersion: 1,
    subjects: ({ user }) => [subject.user(user)],
    say: (data) => `described ${data.user} as ${described(data)}`,
  },
  UserHomed: {
    schemaVersion: 1,
    subjects: ({ user, from, to }) => [
      subject.user(user),
      subject.pool(to),
      ...(from === null ? [] : [subject.pool(from)]),
    ],
    say: ({ user, from, to }) => `homed ${user} on ${to} (was ${from ?? 'homed nowhere'})`,
  },
  UserRetired: {
    schemaVersion: 1,
    subjects: ({ user }) => [subject.user(user)],
    say: ({ user }) => `retired ${user}`,
  },
  PolicyGranted: {
    schemaVersion: 1,
    subjects: ({ user, policy }) => [subject.user(user), subject.policy(policy)],
    say: ({ user, policy }) => `granted ${policy} to ${user}`,
  },
  PolicyRevoked: {
    schemaVersion: 1,
    subjects: ({ user, policy }) => [subject.user(user), subject.policy(policy)],
    say: ({ user, policy }) => `revoked ${policy} from ${user}`,
  },
  ClientConnected: {
    schemaVersion: 1,
    subjects: ({ user, deployment }) => [subject.user(user), subject.deployment(deployment)],
    say: ({ user, client, deployment }) => `connected the ${client} client of ${user} to ${deployment}`,
  },
  ClientDisconnected: {
    schemaVersion: 1,
    subjects: ({ user, deployment }) => [subject.user(user), subject.deployment(deployment)],
    say: ({ user, client, deployment, because }) =>
      `disconnected the ${client} client of ${user} from ${deployment}${becauseOf[because]}`,
  },
});

/** What is known of a person. A retired one has no home, no grant and no clients. */
export interface KnownUser {
  readonly user: SipUri;
  readonly displayName: string | null;
  readonly guid: string | null;
  readonly pool: PoolId | null;
  readonly granted: PolicyId | null;
  /** The deployment that each connected client is connected to. */
  readonly clients: Readonly<Partial<Record<ClientId, DeploymentId>>>;
  readonly retired: boolean;
}

/** Null while unknown. */
export type User = KnownUser | null;

const nothingHeld = { pool: null, granted: null, clients: {} } as const;

const users: StreamType<User, UserEvent> = {
  category: 'user',
  initial: null,
  evolve: (state, event) => {
    if (event.type === 'UserEnrolled') {
      const { user, displayName = null, guid = null } = event.data;
      return { user, displayName, guid, ...nothingHeld, retired: false };
    }
    if (!state) return null;
    switch (event.type) {
      case 'UserDescribed': {
        const { displayName = state.displayName, guid = state.guid } = event.data;
        return { ...state, displayName, guid };
      }
      case 'UserHomed':
        return { ...state, pool: event.data.to };
      case 'UserRetired':
        return { ...state, ...nothingHeld, retired: true };
      case 'PolicyGranted':
        return { ...state, granted: event.data.policy };
      case 'PolicyRevoked':
        return { ...state, granted: null };
      case 'ClientConnected':
        return { ...state, clients: { ...state.clients, [event.data.client]: event.data.deployment } };
      case 'ClientDisconnected': {
        const { [event.data.client]: _ended, ...clients } = state.clients;
        return { ...state, clients };
      }
      default:
        return neverEvent(event);
    }
  },
};

export const userStream = (user: string): StreamRef<User, UserEvent> => streamOf(users, user);

export const unknownUser = (user: string): Refusal => ({
  rule: 'homing.unknown-user',
  detail: `${user} is not enrolled; enrol the user first`,
});

/** Why nothing new begins for a user, where nothing does. */
export function userIsGone(user: string, state: Pick<KnownUser, 'retired'> | null): Refusal | undefined {
  if (!state) return unknownUser(user);
  return state.retired
    ? { rule: 'homing.user-retired', detail: `${user} is retired; enrol the user again first` }
    : undefined;
}
