import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLogReader } from '#event-log';
import type { Views } from '#views';
import { Access } from '../access/access.js';
import { sendJson } from '../http/send-json.js';
import { LOG, VIEWS } from '../parts.js';
import { Problem } from '../problems/problem.js';
import { Metrics } from './metrics.js';
import { readiness } from './readiness.js';

@Controller()
export class OperationsController {
  constructor(
    @Inject(LOG) private readonly log: EventLogReader,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(Access) private readonly access: Access,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(@Res() reply: FastifyReply): void {
    sendJson(reply, { status: 'ok' });
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const state = await readiness(this.log, this.views);
    if (state.status !== 'ready') reply.header('retry-after', '2');
    sendJson(reply, state, state.status === 'ready' ? 200 : 503);
  }

  /** For who sits on the machine, or has a token. */
  @Get('metrics')
  async prometheus(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isLocal(request)) request.visitor = await this.access.signIn(request);
    const { registry } = this.metrics;
    try {
      reply.header('content-type', registry.contentType).send(await registry.metrics());
    } catch (error) {
      throw new Problem('unavailable', 'a gauge could not be read', { retryAfterSeconds: 5, cause: error });
    }
  }
}

/** From this machine, and not on behalf of somebody else. */
function isLocal({ raw, headers }: FastifyRequest): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(raw.socket.remoteAddress ?? '');
}
