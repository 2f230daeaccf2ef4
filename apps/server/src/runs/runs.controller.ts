import { Readable } from 'node:stream';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jsonLinesMediaType, RunService } from '#runs';
import { Access } from '../access/access.js';
import { assertNoQuery } from '../http/query.js';
import { Problem } from '../problems/problem.js';

/** What comes back from runs beside their views. */
@Controller()
export class RunsController {
  constructor(
    @Inject(RunService) private readonly runs: RunService,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Get('api/runs/:run/failed.csv')
  async failed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.access.visitor(request);
    assertNoQuery(request);
    const { run } = request.params as { run: string };
    const file = await this.runs.failedFile(run);
    if (!file) throw new Problem('not-found', 'there is no such run, or its file is gone');
    const [type, extension] = file.form === 'csv' ? ['text/csv', 'csv'] : [jsonLinesMediaType, 'jsonl'];
    reply
      .header('content-type', `${type}; charset=${file.encoding}`)
      .header('content-disposition', `attachment; filename="failed-${run}.${extension}"`)
      .send(Readable.from(file.pieces));
  }
}
