import { randomBytes, randomUUID } from 'node:crypto';
import { firstToken } from '#access';
import type { CommandShell, EventMeta } from '#event-log';
import { type Actor, canonicalJson } from '#kernel';

const system: Actor = { id: 'system', name: 'system', roles: [], via: 'system' };

/**
 * Issues the token of the first start, which may do everything. Answers its secret where it was made here and so must be shown; only its
 * hash is kept.
 */
export async function issueFirstToken(shell: CommandShell, given: string | undefined): Promise<string | undefined> {
  const secret = given ?? `hw_${randomBytes(32).toString('base64url')}`;
  const commandId = randomUUID();
  const { id, name, roles, via } = system;
  const meta: EventMeta = {
    actor: { id, name, roles, via },
    command: 'IssueToken',
    reason: 'first start with an empty log',
    ticket: null,
    commandId,
    correlationId: commandId,
    causationId: commandId,
    client: { ip: null, agent: null },
  };
  await shell.batch(system, (unit) => unit.record(firstToken(secret), canonicalJson(meta)));
  return given === undefined ? secret : undefined;
}
