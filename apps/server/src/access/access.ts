import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import {
  authenticates,
  type CommandDenied,
  standingOf,
  type Token,
  tokenIdOf,
  type TokenStanding,
  tokenStream,
} from '#access';
import type { CommandShell } from '#event-log';
import { type Actor, type BaseCommand, type CommandDefinition, fieldsOf, validateCommand } from '#kernel';
import { clientOf } from '../http/request-context.js';
import { Problem } from '../problems/problem.js';
import { addressBlock, Allowance } from './allowance.js';
import { noWords, recordDeniedCommand, recordRefusedSignIn, type Words } from './denials.js';
import { assertSameOrigin } from './same-origin.js';
import type { SessionCookies } from './session-cookie.js';

export interface Visitor {
  readonly actor: Actor;
  /** Null: never. */
  readonly expiresAt: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until signed in. */
    visitor: Visitor | null;
  }
}

type KnownToken = NonNullable<Token>;

/** Reads tokens without deciding anything. */
const reader: Actor = { id: 'system', name: 'system', roles: [], via: 'system' };
const refusedPerMinute = 10;
const forbiddenPerMinute = 600;

/** Who is it, and what may they do: the token behind every request, and what is done about those who may not. */
export class Access {
  /** Token ids by the hash of secrets that were found right, so that a request costs one hash. Revocation and expiry are asked each time. */
  private readonly proven = new LRUCache<string, string>({ max: 1000 });
  private readonly visitors = new WeakMap<KnownToken, Record<'api' | 'console', Visitor>>();
  private readonly refusedSignIns = new Allowance(refusedPerMinute, 60, 20_000);
  private readonly forbiddenRequests = new Allowance(forbiddenPerMinute, 60, 10_000);

  constructor(
    private readonly shell: CommandShell,
    private readonly sessions: SessionCookies,
  ) {}

  /** Who sends this request; a promise only where the token is not in memory. @throws {Problem} */
  signIn(request: FastifyRequest): Visitor | Promise<Visitor> {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) {
      const secret = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
      if (secret === undefined) throw signInRequired('the header Authorization must be: Bearer <token>');
      return this.byToken(request, secret);
    }
    const session = this.sessions.read(cookie, Date.now());
    if (session === undefined) throw signInRequired('send the header Authorization: Bearer <token>');
    if (session === 'forged') return this.refuse(request, 'unknown', null, null);
    if (session === 'ended') throw signInRequired('the session has ended; sign in again');
    assertSameOrigin(request);
    return this.bySession(request, session.tokenId);
  }

  /** @throws {Problem} where the secret is no valid token's; that is audited. */
  byToken(request: FastifyRequest, secret: string): Visitor | Promise<Visitor> {
    const digest = hash('sha256', secret, 'base64url');
    const provenId = this.proven.get(digest);
    const id = provenId ?? tokenIdOf(secret);
    const check = (token: Token): Visitor | Promise<Visitor> => {
      const now = new Date().toISOString();
      const standing = provenId === undefined ? authenticates(token, secret, now) : standingOf(token, now);
      if (standing !== 'ok' || !token) return this.refuse(request, standing, id, token);
      this.proven.set(digest, id);
      return this.visitorOf(token, 'api');
    };
    const token = this.load(id);
    return token instanceof Promise ? token.then(check) : check(token);
  }

  /** Who was let in by the hook in front of every route under `/api`. */
  visitor(request: FastifyRequest): Visitor {
    if (request.visitor) return request.visitor;
    throw signInRequired('send the header Authorization: Bearer <token>');
  }

  /** Whether who was let in would be let in again. */
  async stillValid(request: FastifyRequest): Promise<boolean> {
    const { actor } = this.visitor(request);
    if (actor.via === 'console' && this.sessions.read(request.headers.cookie, Date.now()) === 'ended') return false;
    return standingOf(await this.load(actor.id), new Date().toISOString()) === 'ok';
  }

  /** Starts a session of the console for this visitor. */
  startSession(reply: FastifyReply, { actor, expiresAt }: Visitor): void {
    reply.header('set-cookie', this.sessions.issue(actor.id, expiresAt, Date.now()));
  }

  /** Ends the session that the request's cookie names, if it is one. */
  endSession({ headers }: FastifyRequest, reply: FastifyReply): void {
    const now = Date.now();
    const session = this.sessions.read(headers.cookie, now);
    if (typeof session === 'object') this.sessions.end(session, now);
    reply.header('set-cookie', this.sessions.clear());
  }

  /** What is told where roles do not suffice to read something. */
  forbidden(request: FastifyRequest, detail: string): Problem {
    const retryAfterSeconds = this.forbiddenRequests.spend(this.visitor(request).actor.id);
    if (retryAfterSeconds > 0) return tooMany('forbidden requests of this token', retryAfterSeconds);
    return new Problem('forbidden', detail);
  }

  /** The same for a command, which is audited first. A plan writes nothing, so this neither. */
  async deniedCommand(request: FastifyRequest, definition: CommandDefinition, plan: boolean): Promise<Problem> {
    const problem = this.forbidden(request, `${definition.name} takes the role ${definition.role}`);
    if (problem.kind === 'forbidden' && !plan) {
      const validated = validateCommand(definition, request.body);
      const command = validated.errors ? undefined : validated.command;
      const subjects = command ? definition.subjects(command) : [];
      const denied = {
        command: definition.name,
        fields: command ? fieldsIn(command) : null,
        subjects,
        needed: [definition.role],
      };
      await this.recordDenied(request, denied, wordsIn(definition, request.body));
    }
    return problem;
  }

  /** The same for a file of commands, which is not read, or for what was made of one: that is the subject. */
  async deniedFile(
    request: FastifyRequest,
    name: string,
    role: CommandDefinition['role'] = 'operator',
    subjects: readonly string[] = [],
  ): Promise<Problem> {
    const problem = this.forbidden(request, `${name} takes the role ${role}`);
    if (problem.kind === 'forbidden')
      await this.recordDenied(request, { command: name, fields: null, subjects, needed: [role] });
    return problem;
  }

  private recordDenied(request: FastifyRequest, denied: CommandDenied['data'], words = noWords): Promise<void> {
    return recordDeniedCommand(this.shell, this.visitor(request).actor, denied, words, request);
  }

  private load(id: string): Token | Promise<Token> {
    return this.shell.begin(reader, true).load(tokenStream(id));
  }

  private async bySession(request: FastifyRequest, id: string): Promise<Visitor> {
    const token = await this.load(id);
    const standing = standingOf(token, new Date().toISOString());
    if (standing !== 'ok' || !token) return await this.refuse(request, standing, id, token);
    return this.visitorOf(token, 'console');
  }

  private visitorOf(token: KnownToken, via: 'api' | 'console'): Visitor {
    let visitors = this.visitors.get(token);
    if (!visitors) {
      const { token: id, name, roles, expiresAt } = token;
      const visitor = (via: 'api' | 'console'): Visitor => ({ actor: { id, name, roles, via }, expiresAt });
      visitors = { api: visitor('api'), console: visitor('console') };
      this.visitors.set(token, visitors);
    }
    return visitors[via];
  }

  private async refuse(
    request: FastifyRequest,
    standing: TokenStanding,
    id: string | null,
    token: Token,
  ): Promise<never> {
    const { ip } = clientOf(request);
    const retryAfterSeconds = this.refusedSignIns.spend(addressBlock(ip ?? 'unknown'));
    if (retryAfterSeconds > 0) throw tooMany('refused sign-ins from this address', retryAfterSeconds);
    const why = standing === 'ok' ? 'unknown' : standing;
    // Only who holds the secret, or a session made with it, learns that the token once was good.
    await recordRefusedSignIn(this.shell, why, why === 'unknown' ? null : id, token, request);
    const words = { unknown: 'the token is wrong', revoked: 'the token is revoked', expired: 'the token has expired' }[
      why
    ];
    throw new Problem('sign-in-refused', words, {
      headers: { 'www-authenticate': 'Bearer realm="homeward", error="invalid_token"' },
    });
  }
}

function fieldsIn(command: BaseCommand): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(command).filter(([, value]) => value !== undefined));
}

/** Reason and ticket of a command that may be malformed otherwise, so that a denied attempt is found by its ticket too. */
function wordsIn({ command }: CommandDefinition, body: unknown): Words {
  const wellFormed = (name: keyof Words): string | null => {
    const given = typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Words)[name] : null;
    const parsed = fieldsOf(command)
      .find((field) => field.name === name)
      ?.parse(given);
    return parsed && parsed.problem === undefined ? (parsed.value as string) : null;
  };
  return { reason: wellFormed('reason'), ticket: wellFormed('ticket') };
}

function signInRequired(detail: string): Problem {
  return new Problem('sign-in-required', detail, { headers: { 'www-authenticate': 'Bearer realm="homeward"' } });
}

function tooMany(what: string, retryAfterSeconds: number): Problem {
  return new Problem('too-many-requests', `too many ${what} within a minute; wait ${retryAfterSeconds} s`, {
    retryAfterSeconds,
  });
}
