import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, subject } from '#kernel';
import { decidedBy } from './host.js';
import { excludeRoom } from './rooms.js';

export class ExcludeRoom extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the room')
  readonly room!: ContentName;

  @Is.TextUpTo(1000, 'why it need not be migrated; shown in the timeline')
  declare readonly reason: string;
}

export const excludeRoomCommand = defineCommand(ExcludeRoom, {
  summary: 'Exclude a room from the migration of its deployment',
  role: 'operator',
  example: {
    deployment: 'chat13-tacoma.contoso.com',
    room: 'Pilot desk',
    reason: 'nobody has written in it since 2011',
  },
  subjects: ({ deployment, room }) => [subject.room(deployment, room), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: decidedBy(excludeRoom),
});
