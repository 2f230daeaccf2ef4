import { type BaseCommand, canonicalJson } from '#kernel';
import type { CommandContext } from '#event-log';

/** Why it is done, and for what; null where nobody said. */
export interface Words {
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** Who sent the file, and how: what a run's events carry. `words` hold for all rows that have none of their own. */
export type Sender = Pick<CommandContext, 'actor' | 'correlationId' | 'client'> & { readonly words?: Words };

const noWords: Words = { reason: null, ticket: null };

const place = '00000000-0000-0000-0000-000000000000';

/** The metadata of a run's events and of its rows' commands, as canonical JSON; made once, as only the command's id differs. */
export class RowMeta {
  private readonly byCommand = new Map<string, readonly [before: string, after: string]>();

  constructor(
    private readonly run: string,
    private readonly sender: Sender,
    private readonly sending: string,
  ) {}

  ofRun(): string {
    return this.of(this.sending, this.run);
  }

  /** `commandId` is made of letters, digits, `-` and `:`. */
  of(command: string, commandId: string, { reason, ticket }: Pick<BaseCommand, 'reason' | 'ticket'> = {}): string {
    if (reason != null || ticket != null) return this.worded(command, commandId, reason, ticket);
    let parts = this.byCommand.get(command);
    if (!parts) {
      parts = this.around(command);
      this.byCommand.set(command, parts);
    }
    return parts[0] + commandId + parts[1];
  }

  private worded(command: string, commandId: string, reason?: string, ticket?: string): string {
    const { words = noWords } = this.sender;
    return this.text(command, commandId, { reason: reason ?? words.reason, ticket: ticket ?? words.ticket });
  }

  private around(command: string): readonly [string, string] {
    const text = this.text(command, place, this.sender.words ?? noWords);
    const at = text.indexOf(`"commandId":"${place}","correlationId"`) + '"commandId":"'.length;
    return [text.slice(0, at), text.slice(at + place.length)];
  }

  private text(command: string, commandId: string, { reason, ticket }: Words): string {
    const { actor, correlationId, client } = this.sender;
    const { id, name, roles, via } = actor;
    const meta = { actor: { id, name, roles, via }, command, reason, ticket, correlationId, client };
    return canonicalJson({ ...meta, causationId: this.run, commandId });
  }
}
