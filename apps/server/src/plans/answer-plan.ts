import type { FastifyReply } from 'fastify';
import type { Actor } from '#kernel';
import type { MadePlan } from '#plans';
import { sendJson } from '../http/send-json.js';

/** A plan that was made just now; the header names the position from which its views know it. */
export function answerPlan(reply: FastifyReply, made: MadePlan, { id, name }: Actor): void {
  const { plan, hash, position, kind, counts, reasons, events, expiresAt, madeAt } = made;
  reply.header('location', `/api/plans/${plan}`);
  if (madeAt !== null) reply.header('log-position', `${madeAt}`);
  sendJson(reply, { plan, hash, position, kind, counts, reasons, events, by: { id, name }, expiresAt }, 201);
}
