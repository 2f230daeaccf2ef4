import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type CommandDenied, denialStream, type SignInRefused, type Token } from '#access';
import type { CommandShell, EventMeta } from '#event-log';
import { type Actor, canonicalJson, write } from '#kernel';
import { clientOf } from '../http/request-context.js';

/** Nobody is known for what was presented. */
const stranger: Actor = { id: 'unknown', name: 'unknown', roles: [], via: 'api' };

/** Records a refused sign-in; the answer waits for it, so that none goes unseen. */
export async function recordRefusedSignIn(
  shell: CommandShell,
  why: SignInRefused['data']['why'],
  tokenId: string | null,
  token: Token,
  request: FastifyRequest,
): Promise<void> {
  const actor: Actor =
    token && tokenId !== null ? { id: token.token, name: token.name, roles: token.roles, via: 'api' } : stranger;
  await record(shell, actor, null, noWords, request, (id) =>
    write(denialStream(id), { type: 'SignInRefused', data: { why, token: tokenId } }),
  );
}

/** The words that a denied command came with; null what is not well-formed. */
export type Words = Pick<EventMeta, 'reason' | 'ticket'>;
export const noWords: Words = { reason: null, ticket: null };

/** Records a command that its sender's roles do not allow. */
export async function recordDeniedCommand(
  shell: CommandShell,
  actor: Actor,
  denied: CommandDenied['data'],
  words: Words,
  request: FastifyRequest,
): Promise<void> {
  await record(shell, actor, denied.command, words, request, (id) =>
    write(denialStream(id), { type: 'CommandDenied', data: denied }),
  );
}

async function record(
  shell: CommandShell,
  actor: Actor,
  command: string | null,
  { reason, ticket }: Words,
  request: FastifyRequest,
  denial: (id: string) => ReturnType<typeof write>,
): Promise<void> {
  const commandId = randomUUID();
  const { id, name, roles, via } = actor;
  const meta: EventMeta = {
    actor: { id, name, roles, via },
    command,
    reason,
    ticket,
    commandId,
    correlationId: request.correlationId,
    causationId: commandId,
    client: clientOf(request),
  };
  await shell.batch(actor, (unit) => unit.record(denial(commandId), canonicalJson(meta)));
}
