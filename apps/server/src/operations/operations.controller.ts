import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLogReader } from '#event-log';
import type { Views } from '#views';
import { Access } from '../access/access.js';
import { assertNoQuery } from '../http/query.js';
import { sendJson } from '../http/send-json.js';
import { CarryOver } from '../migrations/carry-over.js';
import { LOG, VIEWS } from '../parts.js';
import { Problem } from '../problems/problem.js';
import { SelfCheck } from '../projections/self-check.js';
import { AppendWatch } from './append-watch.js';
import { Metrics } from './metrics.js';
import { readiness } from './readiness.js';

@Controller()
export class OperationsController {
  constructor(
    @Inject(LOG) private readonly log: EventLogReader,
    @Inject(AppendWatch) private readonly appends: AppendWatch,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(Access) private readonly access: Access,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(CarryOver) private readonly carryOver: CarryOver,
    @Inject(SelfCheck) private readonly selfCheck: SelfCheck,
  ) {}

  @Get('health/live')
  live(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    assertNoQuery(request);
    sendJson(reply, { status: 'ok' });
  }

  @Get('health/ready')
  async ready(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    assertNoQuery(request);
    const state = await readiness(this.log, this.appends, this.views, this.carryOver.status);
    if (state.status !== 'ready') reply.header('retry-after', '2');
    // What the views hold may be wrong and they answer all the same: it is told, and makes nothing less ready.
    const selfCheck = this.selfCheck.last ?? null;
    sendJson(reply, { ...state, selfCheck }, state.status === 'ready' ? 200 : 503);
  }

  /** For who sits on the machine, or has a token. */
  @Get('metrics')
  async prometheus(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isLocal(request)) request.visitor = await this.access.signIn(request);
    assertNoQuery(request);
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
