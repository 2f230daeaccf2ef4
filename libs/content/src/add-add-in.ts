import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, subject } from '#kernel';
import { addAddIn } from './add-ins.js';
import { decidedBy } from './host.js';

export class AddAddIn extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the add-in; unique in its deployment ignoring case')
  readonly addIn!: ContentName;

  @Is.HttpUrl('the page it shows')
  readonly url!: string;
}

export const addAddInCommand = defineCommand(AddAddIn, {
  summary: 'Add an add-in that rooms can show',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', addIn: 'Pilot wiki', url: 'https://wiki.contoso.com/pilot' },
  subjects: ({ deployment, addIn }) => [subject.addIn(deployment, addIn), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: decidedBy(addAddIn),
});
