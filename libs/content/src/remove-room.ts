import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, subject } from '#kernel';
import { decidedBy } from './host.js';
import { removeRoom } from './rooms.js';

export class RemoveRoom extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the room')
  readonly room!: ContentName;
}

export const removeRoomCommand = defineCommand(RemoveRoom, {
  summary: 'Remove a room',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', room: 'Pilot desk' },
  subjects: ({ deployment, room }) => [subject.room(deployment, room), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: decidedBy(removeRoom),
});
