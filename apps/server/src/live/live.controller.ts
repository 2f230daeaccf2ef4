import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { queryOf, strayParameters } from '../http/query.js';
import { malformed } from '../problems/problem.js';
import { parsePosition } from '../views/view-request.js';
import { LiveHub } from './live-hub.js';

/** `GET /api/live`: which subjects changed, as the views show it. */
@Controller('api/live')
export class LiveController {
  constructor(
    @Inject(LiveHub) private readonly hub: LiveHub,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Get()
  async follow(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const resumeAfter = resumeAfterOf(request);
    await this.hub.admit(resumeAfter);
    reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }).hijack();
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
    if (request.raw.method === 'HEAD') reply.raw.end();
    else
      await this.hub.serve(reply.raw, resumeAfter, {
        isAuditor: this.access.visitor(request).actor.roles.includes('auditor'),
        allowed: () => this.access.stillValid(request),
      });
  }
}

function resumeAfterOf({ headers, raw }: FastifyRequest): bigint | undefined {
  const { given, errors } = queryOf(raw.url);
  const stray = [...errors, ...strayParameters(given, [])];
  const lastEventId = headers['last-event-id'];
  let position: bigint | undefined;
  if (typeof lastEventId === 'string' && lastEventId !== '') {
    const parsed = parsePosition(lastEventId);
    if (parsed.problem === undefined) position = parsed.value;
    else stray.push({ field: 'Last-Event-ID', message: parsed.problem });
  }
  if (stray.length > 0) throw malformed(...stray);
  return position;
}
