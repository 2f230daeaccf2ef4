import { Inject, type Type } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type CommandAnswer, type CommandContext, CommandShell } from '#event-log';
import type { BaseCommand, CommandDefinition } from '#kernel';

/** A validated command on its way over the `CommandBus`, with who sends it and how. */
export abstract class CommandMessage extends Command<CommandAnswer> {
  constructor(
    readonly command: BaseCommand,
    readonly context: CommandContext,
    /** Decide without appending. */
    readonly plan: boolean,
  ) {
    super();
  }
}

export interface BusEntry {
  readonly definition: CommandDefinition;
  readonly message: new (...args: ConstructorParameters<typeof CommandMessage>) => CommandMessage;
  readonly handler: Type<ICommandHandler<CommandMessage, CommandAnswer>>;
}

/** The message and the handler of one definition: the bus needs a class of its own for each. */
export function busEntry(definition: CommandDefinition): BusEntry {
  class Message extends CommandMessage {}

  @CommandHandler(Message)
  class Handler implements ICommandHandler<Message, CommandAnswer> {
    constructor(@Inject(CommandShell) private readonly shell: CommandShell) {}

    execute({ command, context, plan }: Message): Promise<CommandAnswer> {
      return plan ? this.shell.plan(definition, command, context) : this.shell.run(definition, command, context);
    }
  }
  Object.defineProperty(Message, 'name', { value: `${definition.name}Message` });
  Object.defineProperty(Handler, 'name', { value: `${definition.name}Handler` });
  return { definition, message: Message, handler: Handler };
}
