import type { FastifyReply } from 'fastify';
import type { CommandAnswer } from '#event-log';
import { sendJson } from '../http/send-json.js';
import { Problem } from '../problems/problem.js';

/** A command's answer as the contract has it (§2.6); a real refusal is thrown as the problem that it is. */
export function sendAnswer(reply: FastifyReply, answer: CommandAnswer, plan: boolean): void {
  const position = answer.position === null ? null : `${answer.position}`;
  if (position !== null) reply.header('log-position', position);
  const { outcome } = answer;
  if (outcome !== 'refused')
    sendJson(reply, { outcome, ...(plan && { plan }), position, events: answer.events, ...answer.reply });
  else if (plan) sendJson(reply, { outcome, plan, position, events: [], refusals: answer.refusals });
  else
    throw new Problem('refused', answer.refusals.map(({ detail }) => detail).join('; '), { refusals: answer.refusals });
}
