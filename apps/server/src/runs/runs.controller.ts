import { Readable } from 'node:stream';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLogReader } from '#event-log';
import { RunService } from '#runs';
import type { Views } from '#views';
import { Access } from '../access/access.js';
import { assertNoQuery } from '../http/query.js';
import { clientOf, idempotencyKeyOf } from '../http/request-context.js';
import { sendJson } from '../http/send-json.js';
import { LOG, VIEWS } from '../parts.js';
import { malformed, Problem } from '../problems/problem.js';

/** Files that become runs (§6), and what comes back from them. The runs themselves are views. */
@Controller()
export class RunsController {
  constructor(
    @Inject(RunService) private readonly runs: RunService,
    @Inject(VIEWS) private readonly views: Views,
    @Inject(LOG) private readonly log: EventLogReader,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Post('api/imports/users')
  async importUsers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { actor } = this.access.visitor(request);
    if (!actor.roles.includes('operator')) throw await this.access.deniedFile(request, 'ImportUsers');
    assertNoQuery(request);
    if (!(request.body instanceof Readable)) throw malformed({ field: '', message: 'must be the file' });
    const upload = { body: request.body, contentType: request.headers['content-type'] };
    const sender = { actor, correlationId: request.correlationId, client: clientOf(request) };
    const { run } = await this.runs.start('users', upload, sender, idempotencyKeyOf(request));
    reply.header('location', `/api/runs/${run}`);
    sendJson(reply, await this.shown(run), 202);
  }

  @Get('api/runs/:run/failed.csv')
  async failed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.access.visitor(request);
    assertNoQuery(request);
    const { run } = request.params as { run: string };
    const file = await this.runs.failedCsv(run);
    if (!file) throw new Problem('not-found', 'there is no such run, or its file is gone');
    reply
      .header('content-type', `text/csv; charset=${file.encoding}`)
      .header('content-disposition', `attachment; filename="failed-${run}.csv"`)
      .send(Readable.from(file.pieces));
  }

  /** The run as its view shows it; a view that is far behind has nothing to say yet. */
  private async shown(run: string): Promise<object> {
    const known = { run, kind: 'users', state: 'running' };
    try {
      const { body } = await this.views.query('/api/runs/:run', { input: { run }, after: await this.log.head() });
      return body ?? known;
    } catch (error) {
      if (error instanceof Error && ['NotReached', 'ViewNotMade', 'ViewsBusy'].includes(error.name)) return known;
      throw error;
    }
  }
}
