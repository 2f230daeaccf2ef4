import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, subject } from '#kernel';
import { removeCategory } from './categories.js';
import { decidedBy } from './host.js';

export class RemoveCategory extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the category')
  readonly category!: ContentName;
}

export const removeCategoryCommand = defineCommand(RemoveCategory, {
  summary: 'Remove an empty category',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', category: 'Pilot' },
  subjects: ({ deployment, category }) => [subject.category(deployment, category), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: decidedBy(removeCategory),
});
