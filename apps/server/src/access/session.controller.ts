import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertNoQuery } from '../http/query.js';
import { sendJson } from '../http/send-json.js';
import { malformed } from '../problems/problem.js';
import { Access, type Visitor } from './access.js';
import { assertSameOrigin } from './same-origin.js';

/** The console's sign-in: a token for a cookie. */
@Controller('api/session')
export class SessionController {
  constructor(@Inject(Access) private readonly access: Access) {}

  @Post()
  async signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    assertNoQuery(request);
    assertSameOrigin(request);
    const visitor = await this.access.byToken(request, tokenOf(request.body));
    this.access.startSession(reply, visitor);
    sendJson(reply, whoIs(visitor));
  }

  @Get()
  who(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    assertNoQuery(request);
    sendJson(reply, whoIs(this.access.visitor(request)));
  }

  @Delete()
  signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    assertNoQuery(request);
    assertSameOrigin(request);
    this.access.endSession(request, reply);
    reply.code(204).send();
  }
}

function tokenOf(body: unknown): string {
  const problem = 'must be the token: a string of 1 to 256 printable ASCII characters';
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed({ field: '', message: 'must be a JSON object: {"token": "…"}' });
  const stray = Object.keys(body).filter((key) => key !== 'token');
  if (stray.length > 0)
    throw malformed(
      ...stray
        .slice(0, 100)
        .map((key) => ({ field: key.slice(0, 200).toWellFormed(), message: 'is not a field; there is token' })),
    );
  const token = Object.hasOwn(body, 'token') ? (body as { token: unknown }).token : undefined;
  if (typeof token === 'string' && /^[\x21-\x7e]{1,256}$/.test(token)) return token;
  throw malformed({ field: 'token', message: problem });
}

function whoIs({ actor, expiresAt }: Visitor): object {
  return { token: actor.id, name: actor.name, roles: actor.roles, expiresAt };
}
