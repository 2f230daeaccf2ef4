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
  const { reason = null, ticket = null } = command;
  const text = canonicalJson;
  // Members in the order of RFC 8785. Every event has them, and sorting them anew each time took most of what an event's JSON costs.
  const by = `{"id":${text(actor.id)},"name":${text(actor.name)},"roles":${text(actor.roles)},"via":${text(actor.via)}}`;
  const from = `{"agent":${text(client.agent)},"ip":${text(client.ip)}}`;
  return `{"actor":${by},"causationId":${text(causationId)},"client":${from},"command":${text(name)},"commandId":${text(commandId)},"correlationId":${text(correlationId)},"reason":${text(reason)},"ticket":${text(ticket)}}`;
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
