import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, subject } from '#kernel';
import { removeAddIn } from './add-ins.js';
import { decidedBy } from './host.js';

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
  handle: decidedBy(removeAddIn),
});
