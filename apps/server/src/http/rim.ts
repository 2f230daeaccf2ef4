import type { IncomingMessage } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';
import { answerProblem } from '../problems/answer-problem.js';
import { jsonBytesMax, readJson } from './json-body.js';
import { answerClientError, answerRawErrors } from './raw-answers.js';
import { badCorrelationId, correlationIdOf } from './request-context.js';
import { securityHeaders } from './security-headers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Taken over or made; on every answer and in every event. */
    correlationId: string;
  }
}

const connectionsMax = 10_000;
/**
 * Longer than a proxy keeps a connection that is idle: Caddy two minutes, most others one. Else a request now and then meets one that is just
 * being closed, and its sender is told nothing but that.
 */
const keepAliveMs = 150_000;

/** What answers where the router cannot read an address, if it does. */
type AnswersUnreadable = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** Fastify with the bounds that hold for every route. */
export function createAdapter(answersUnreadable: AnswersUnreadable): FastifyAdapter {
  return new FastifyAdapter({
    // Nothing here is Express middleware.
    skipMiddie: true,
    trustProxy: false,
    logger: false,
    requestIdHeader: false,
    return503OnClosing: false,
    bodyLimit: jsonBytesMax,
    // A file of 150,000 rows over a slow line; headers have Node's minute.
    requestTimeout: 600_000,
    keepAliveTimeout: keepAliveMs,
    http: { maxHeaderSize: 16 * 1024, requireHostHeader: false },
    routerOptions: { maxParamLength: 16 * 1024 },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      if (!answersUnreadable(request, reply)) answerProblem(error, request, reply);
    },
    clientErrorHandler: answerClientError,
  });
}

/** Makes a request known and refuses what no route may see. Must run before any other hook. */
export function welcome(request: FastifyRequest, reply: FastifyReply): Problem | undefined {
  const correlation = correlationIdOf(request);
  request.correlationId = correlation.id;
  reply.headers(securityHeaders).header('x-correlation-id', correlation.id);
  if (!correlation.wellFormed) return badCorrelationId;
  if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
    return new Problem('malformed', 'the header Host is missing');
  return undefined;
}

/** Whether a route takes its body as a stream, whatever its type. */
type TakesStream = (request: FastifyRequest) => boolean;

/** How bodies are read: JSON whole, files as the stream they are, everything else not at all. */
export function readBodies(instance: FastifyInstance, takesStream: TakesStream): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', (request, payload, done) => {
    if (takesStream(request)) return done(null, payload);
    const problem = unreadable(request);
    return problem ? done(problem) : readJson(payload, done);
  });
  instance.addContentTypeParser('*', (request, payload: IncomingMessage, done) => {
    if (takesStream(request)) return done(null, payload);
    return done(new Problem('unsupported-media-type', 'send the body as application/json'));
  });
}

function unreadable({ headers }: FastifyRequest): Problem | undefined {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset))
    return new Problem('unsupported-media-type', 'send the body as application/json in UTF-8');
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity'
    ? undefined
    : new Problem('unsupported-media-type', 'send the body without a Content-Encoding');
}

/** What can only be set on the server itself. */
export function boundServer(app: NestFastifyApplication): void {
  const { server } = app.getHttpAdapter().getInstance();
  server.maxConnections = connectionsMax;
  answerRawErrors(server);
}
