import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../http/request-context.js';
import { welcome } from '../http/rim.js';
import type { Logger } from '../operations/logger.js';
import type { Problem } from './problem.js';
import { problemOf } from './problem-of.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Where failures of the server go; Fastify's own request log is off. */
    failureLog: Logger;
  }
}

/** Ends a request with a problem document. The only place that writes one for a route. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  // What the router itself refuses has met no hook.
  if (!reply.hasHeader('x-correlation-id')) welcome(request, reply);
  log(problem, request);
  if (reply.sent) {
    // An answer that had begun cannot become another one: it is cut off, so that nobody takes it for whole.
    reply.raw.destroy();
    return;
  }
  reply
    .code(problem.status)
    .headers(problem.headers)
    .header('content-type', 'application/problem+json')
    // As bytes: to a text Fastify would add a charset, which this media type does not have.
    .send(Buffer.from(JSON.stringify(problem.document(pathOf(request.raw.url)))));
}

function log(problem: Problem, request: FastifyRequest): void {
  const { failureLog } = request.server;
  const { correlationId, routeOptions, raw } = request;
  const entry = { correlationId, method: raw.method, route: routeOptions.url, problem: problem.kind };
  if (problem.status === 500) failureLog.error({ ...entry, err: problem.cause ?? problem }, 'a request failed');
  else if (problem.status === 503)
    failureLog.warn({ ...entry, reason: causeOf(problem) }, 'a request could not be served now');
  else failureLog.debug({ ...entry, detail: problem.message }, 'a request was answered with a problem');
}

function causeOf({ cause, message }: Problem): string {
  return cause instanceof Error ? cause.message : message;
}
