import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemKinds } from './problem.js';

/** What the `type` of a problem document leads to: what it means and what to do. */
@Controller('problems')
export class ProblemsController {
  @Get()
  all(@Res() reply: FastifyReply): void {
    const lines = Object.entries(problemKinds).map(
      ([kind, [status, title, advice]]) => `/problems/${kind} (${status}): ${title}. ${advice}`,
    );
    reply.header('content-type', 'text/plain; charset=utf-8').send(`${lines.join('\n\n')}\n`);
  }

  @Get(':kind')
  one(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { kind } = request.params as { kind: string };
    const known = Object.entries(problemKinds).find(([name]) => name === kind);
    if (!known) throw new Problem('not-found', 'there is no such kind of problem; /problems lists them');
    const [status, title, advice] = known[1];
    reply.header('content-type', 'text/plain; charset=utf-8').send(`${title} (${status})\n\n${advice}\n`);
  }
}
