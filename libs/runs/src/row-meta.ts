import { canonicalJson } from '#kernel';
import type { CommandContext } from '#event-log';

/** Who sent the file, and how: what a run's events carry. */
export type Sender = Pick<CommandContext, 'actor' | 'correlationId' | 'client'>;

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
  of(command: string, commandId: string): string {
    let parts = this.byCommand.get(command);
    if (!parts) {
      parts = this.around(command);
      this.byCommand.set(command, parts);
    }
    return parts[0] + commandId + parts[1];
  }

  private around(command: string): readonly [string, string] {
    const { actor, correlationId, client } = this.sender;
    const { id, name, roles, via } = actor;
    const meta = { actor: { id, name, roles, via }, command, reason: null, ticket: null, correlationId, client };
    const text = canonicalJson({ ...meta, causationId: this.run, commandId: place });
    const at = text.indexOf(`"commandId":"${place}","correlationId"`) + '"commandId":"'.length;
    return [text.slice(0, at), text.slice(at + place.length)];
  }
}
