import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, subject } from '#kernel';
import { decidedBy } from './host.js';
import { includeRoom } from './rooms.js';

export class IncludeRoom extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the room')
  readonly room!: ContentName;
}

export const includeRoomCommand = defineCommand(IncludeRoom, {
  summary: 'Include a room in the migration of its deployment again',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', room: 'Pilot desk' },
  subjects: ({ deployment, room }) => [subject.room(deployment, room), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: decidedBy(includeRoom),
});
