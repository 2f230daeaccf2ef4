import { randomBytes, randomUUID } from 'node:crypto';
import { firstToken } from '#access';
import { type CommandShell, type EventMeta, keyStream } from '#event-log';
import { type Actor, canonicalJson, streamOf, write } from '#kernel';

const system: Actor = { id: 'system', name: 'system', roles: [], via: 'system' };

/** The key under which nodes issue it; those of clients are hashes. */
const issued = streamOf(keyStream, 'first-token');
const once = {
  command: 'IssueToken',
  bodyHash: '',
  outcome: 'done',
  events: [],
  refusals: [],
  reply: {},
} as const;

/**
 * Issues the token of the first start, which may do everything. Answers its secret where it was made here and so must be shown; only its
 * hash is kept. Of several nodes that start at once on an empty log one issues it: all write the same stream, which must not be there.
 */
export async function issueFirstToken(
  shell: CommandShell,
  given: string | undefined,
  isShared: boolean,
): Promise<string | undefined> {
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
  const { value: isIssued } = await shell.batch(system, async (unit) => {
    if (isShared && (await unit.load(issued))) return false;
    await unit.record(firstToken(secret), canonicalJson(meta));
    if (isShared) await unit.record(write(issued, { type: 'KeyAnswered', data: once }), canonicalJson(meta));
    return true;
  });
  return isIssued && given === undefined ? secret : undefined;
}
