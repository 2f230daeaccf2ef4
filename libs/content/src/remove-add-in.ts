import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, outcome, subject } from '#kernel';
import { removeAddIn } from './add-ins.js';
import { open } from './host.js';

export class RemoveAddIn extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the add-in')
  readonly addIn!: ContentName;
}

export const removeAddInCommand = defineCommand(RemoveAddIn, {
  summary: 'Remove an add-in that no room shows',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', addIn: 'Pilot wiki' },
  subjects: ({ deployment, addIn }) => [subject.addIn(deployment, addIn), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: async (command, tx) => {
    const { stream, host, content } = await open(tx, command.deployment);
    return outcome(stream, removeAddIn(content, host, command));
  },
});
