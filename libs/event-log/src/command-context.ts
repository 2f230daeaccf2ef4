import {
  type Actor,
  type BaseCommand,
  canonicalJson,
  type CommandDefinition,
  type Refusal,
  streamOf,
  type Write,
  write,
} from '#kernel';
import type { EventMeta } from './event-log.js';
import { refusalStream } from './own-events.js';

/** Who sends a command, and how. */
export interface CommandContext {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly client: EventMeta['client'];
  /** What led to it, where that is not the command itself: a run's id or an event's. */
  readonly causationId?: string;
  readonly commandId?: string;
  /** `Idempotency-Key`, with the body as it was sent. */
  readonly key?: { readonly key: string; readonly body: unknown };
}

/** The metadata of a command's events, as canonical JSON. */
export function commandMeta(name: string, command: BaseCommand, context: CommandContext, commandId: string): string {
  const { actor, correlationId, causationId = commandId, client } = context;
  const meta: EventMeta = {
    actor: { id: actor.id, name: actor.name, roles: actor.roles, via: actor.via },
    command: name,
    reason: command.reason ?? null,
    ticket: command.ticket ?? null,
    commandId,
    correlationId,
    causationId,
    client,
  };
  return canonicalJson(meta);
}

/** The audit entry of a refusal. */
export function refusal<C extends BaseCommand>(
  definition: CommandDefinition<C>,
  command: C,
  refusals: readonly Refusal[],
  commandId: string,
): Write {
  const fields = Object.fromEntries(Object.entries(command).filter(([, value]) => value !== undefined));
  return write(streamOf(refusalStream, commandId), {
    type: 'CommandRefused',
    data: { command: definition.name, fields, subjects: definition.subjects(command), refusals },
  });
}
