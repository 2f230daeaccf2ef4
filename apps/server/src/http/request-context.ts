import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { malformed } from '../problems/problem.js';

const printable = /^[\x20-\x7e]{1,128}$/;

/** The `X-Correlation-Id` of a request: taken over where it is well-formed, made otherwise. */
export function correlationIdOf(request: FastifyRequest): { readonly id: string; readonly wellFormed: boolean } {
  const given = request.headers['x-correlation-id'];
  if (given === undefined) return { id: randomUUID(), wellFormed: true };
  return typeof given === 'string' && printable.test(given)
    ? { id: given, wellFormed: true }
    : { id: randomUUID(), wellFormed: false };
}

export const badCorrelationId = malformed({
  field: 'X-Correlation-Id',
  message: 'must have 1 to 128 printable ASCII characters',
});

/** The `Idempotency-Key` of a request, if it has one. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return undefined;
  // Node joins what is given several times; a key may hold what it joins with.
  if ((request.raw.headersDistinct['idempotency-key']?.length ?? 0) > 1)
    throw malformed({ field: 'Idempotency-Key', message: 'must be given once' });
  if (typeof given === 'string' && printable.test(given)) return given;
  throw malformed({ field: 'Idempotency-Key', message: 'must have 1 to 128 printable ASCII characters' });
}

/** Who is at the other end, for the audit: the connection's address and what the client calls itself. */
export function clientOf(request: FastifyRequest): { readonly ip: string | null; readonly agent: string | null } {
  const agent = request.headers['user-agent'];
  return { ip: request.raw.socket.remoteAddress ?? null, agent: agent === undefined ? null : agent.slice(0, 256) };
}

/** The path as it was asked for, without its query. */
export function pathOf(url: string | undefined): string {
  const [path = '/'] = (url ?? '/').split('?', 1);
  return path.toWellFormed();
}
