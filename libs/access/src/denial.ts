import {
  describeEvents,
  type DomainEvent,
  type Role,
  type StreamRef,
  streamOf,
  type StreamType,
  type Subject,
  subject,
} from '#kernel';

/** A sign-in with a token that is wrong, revoked or expired. What was presented is not recorded. */
export type SignInRefused = DomainEvent<
  'SignInRefused',
  {
    readonly why: 'unknown' | 'revoked' | 'expired';
    /** The token's id; null where no token is known for what was presented. */
    readonly token: string | null;
  }
>;

/** A command that its sender's roles do not allow. */
export type CommandDenied = DomainEvent<
  'CommandDenied',
  {
    readonly command: string;
    /** As validated; null where the body was not looked at or is malformed. */
    readonly fields: Readonly<Record<string, unknown>> | null;
    readonly subjects: readonly Subject[];
    /** Any of these roles would do. */
    readonly needed: readonly Role[];
  }
>;
export type DenialEvent = SignInRefused | CommandDenied;

const reasons = { unknown: 'is unknown', revoked: 'is revoked', expired: 'has expired' } as const;

export const denialEvents = describeEvents<DenialEvent>({
  SignInRefused: {
    schemaVersion: 1,
    subjects: ({ token }) => (token === null ? [] : [subject.token(token)]),
    say: ({ why, token }) => `a sign-in was refused: the token${token === null ? '' : ` ${token}`} ${reasons[why]}`,
  },
  CommandDenied: {
    schemaVersion: 1,
    subjects: ({ subjects }) => subjects,
    say: ({ command, needed }) => `${command} was denied: it takes the role ${needed.join(' or ')}`,
  },
});

const denials: StreamType<null, DenialEvent> = { category: 'denial', initial: null, evolve: (state) => state };

/** Each denial has a stream of its own. */
export const denialStream = (id: string): StreamRef<null, DenialEvent> => streamOf(denials, id);
