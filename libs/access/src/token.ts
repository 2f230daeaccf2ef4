import {
  type Decision,
  describeEvents,
  type DomainEvent,
  neverEvent,
  Refused,
  type Role,
  roles,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
  write,
  type Write,
} from '#kernel';
import { hashOf, isSecretOf, tokenIdOf } from './secret.js';

export type TokenIssued = DomainEvent<
  'TokenIssued',
  {
    readonly token: string;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly expiresAt: string | null;
    /** SHA-256, hex; see `secret.ts`. */
    readonly secretHash: string;
  }
>;
export type TokenRevoked = DomainEvent<'TokenRevoked', { readonly token: string }>;
export type TokenEvent = TokenIssued | TokenRevoked;

export const tokenEvents = describeEvents<TokenEvent>({
  TokenIssued: {
    schemaVersion: 1,
    subjects: ({ token }) => [subject.token(token)],
    say: ({ token, name, roles, expiresAt }) =>
      `issued the token ${token} to ${name} as ${roles.join(', ')}${expiresAt === null ? '' : ` until ${expiresAt}`}`,
    // The secret that a plan draws is nobody's: neither its hash nor its id will ever be.
    planned: ({ name, roles, expiresAt }) => ({ name, roles, expiresAt }),
  },
  TokenRevoked: {
    schemaVersion: 1,
    subjects: ({ token }) => [subject.token(token)],
    say: ({ token }) => `revoked the token ${token}`,
  },
});

/** A token; null while unknown. */
export type Token = (TokenIssued['data'] & { readonly revoked: boolean }) | null;

const tokens: StreamType<Token, TokenEvent> = {
  category: 'token',
  initial: null,
  evolve: (state, event) => {
    switch (event.type) {
      case 'TokenIssued':
        return { ...event.data, revoked: false };
      case 'TokenRevoked':
        return state && { ...state, revoked: true };
      default:
        return neverEvent(event);
    }
  },
};

export const tokenStream = (token: string): StreamRef<Token, TokenEvent> => streamOf(tokens, token);

export interface NewToken {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly expiresAt?: string;
}

export function issueToken({ name, roles, expiresAt }: NewToken, secret: string): TokenIssued {
  return {
    type: 'TokenIssued',
    data: { token: tokenIdOf(secret), name, roles, expiresAt: expiresAt ?? null, secretHash: hashOf(secret) },
  };
}

/** The token of the first start: it may do everything. */
export function firstToken(secret: string): Write {
  return write(tokenStream(tokenIdOf(secret)), issueToken({ name: 'first token', roles }, secret));
}

export function revokeToken(state: Token, token: string): Decision<TokenRevoked> {
  if (!state)
    return new Refused([
      { rule: 'access.unknown-token', detail: `there is no token ${token}; /api/tokens lists them` },
    ]);
  return state.revoked ? [] : [{ type: 'TokenRevoked', data: { token: state.token } }];
}

export type TokenStanding = 'ok' | 'unknown' | 'revoked' | 'expired';

/** Whether a presented secret signs in, as of `now` (UTC, ISO 8601, milliseconds). */
export function authenticates(state: Token, secret: string, now: string): TokenStanding {
  return state && isSecretOf(state.secretHash, secret) ? standingOf(state, now) : 'unknown';
}

/** Whether a token that was proven once is still good, as of `now`. */
export function standingOf(state: Token, now: string): TokenStanding {
  if (!state) return 'unknown';
  if (state.revoked) return 'revoked';
  return state.expiresAt !== null && now >= state.expiresAt ? 'expired' : 'ok';
}
