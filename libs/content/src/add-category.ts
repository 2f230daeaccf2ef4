import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, outcome, subject } from '#kernel';
import { addCategory } from './categories.js';
import { open } from './host.js';
import { lookElsewhere } from './references.js';

export class AddCategory extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the category; unique in its deployment ignoring case')
  readonly category!: ContentName;

  @Is.ContentName('the category it lies in; legacy deployments only', { optional: true })
  readonly parent?: ContentName;

  @Is.Flag('rooms in it may send invitations; true where absent', { optional: true })
  readonly invitations?: boolean;

  @Is.Flag('files may be uploaded to rooms in it; true where absent', { optional: true })
  readonly fileUpload?: boolean;

  @Is.Flag('rooms in it keep their messages; true where absent', { optional: true })
  readonly chatHistory?: boolean;
}

export const addCategoryCommand = defineCommand(AddCategory, {
  summary: 'Add a category to a deployment',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', category: 'Pilot', invitations: true },
  subjects: ({ deployment, category }) => [subject.category(deployment, category), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: async (command, tx) => {
    const { stream, host, content } = await open(tx, command.deployment);
    const elsewhere = await lookElsewhere(tx, host, content, { category: command.parent });
    return outcome(stream, addCategory(content, host, command, elsewhere));
  },
});
