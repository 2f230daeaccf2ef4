import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, outcome, subject } from '#kernel';
import { open } from './host.js';
import { lookElsewhere } from './references.js';
import { attachAddIn } from './rooms.js';

export class AttachAddIn extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the room')
  readonly room!: ContentName;

  @Is.ContentName('the add-in it shows from now on, in the place of another')
  readonly addIn!: ContentName;
}

export const attachAddInCommand = defineCommand(AttachAddIn, {
  summary: 'Attach an add-in to a room',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', room: 'Pilot desk', addIn: 'Pilot wiki' },
  subjects: ({ deployment, room, addIn }) => [
    subject.room(deployment, room),
    subject.addIn(deployment, addIn),
    subject.deployment(deployment),
  ],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: async (command, tx) => {
    const { stream, host, content } = await open(tx, command.deployment);
    const elsewhere = await lookElsewhere(tx, host, content, { room: command.room, 'add-in': command.addIn });
    return outcome(stream, attachAddIn(content, host, command, elsewhere));
  },
});
