import type { FastifyReply } from 'fastify';

/** One serialisation, one write. */
export function sendJson(reply: FastifyReply, body: object, status = 200): void {
  reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}
