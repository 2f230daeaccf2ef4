import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NoSuchPage } from '../console/console-fallback.js';
import { pathOf } from '../http/request-context.js';
import type { RouteBook } from '../http/routes.js';
import { answerProblem } from './answer-problem.js';
import { Problem } from './problem.js';
import { problemOf } from './problem-of.js';

/** Everything that is thrown in a route, by Nest or by Fastify, becomes a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteBook,
    private readonly noSuchPage: NoSuchPage,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    const isNowhere = request.is404 && problem.kind === 'not-found';
    if (isNowhere && this.noSuchPage(request, reply)) return;
    answerProblem(isNowhere ? this.wrongPath(request) : problem, request, reply);
  }

  private wrongPath({ raw }: FastifyRequest): Problem {
    const methods = this.routes.methodsFor(pathOf(raw.url));
    if (methods.length === 0) return new Problem('not-found', 'there is nothing at this path; /docs lists every path');
    const allow = methods.join(', ');
    return new Problem('method-not-allowed', `this path takes ${allow}`, { headers: { allow } });
  }
}
