import { BaseCommand, type ContentName, defineCommand, type DeploymentId, Is, outcome, subject } from '#kernel';
import { privacies, type Privacy, roomTypes, type RoomType } from './content.js';
import { open } from './host.js';
import { lookElsewhere } from './references.js';
import { addRoom } from './rooms.js';

export class AddRoom extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.ContentName('name of the room; unique in its deployment ignoring case, and no category has it')
  readonly room!: ContentName;

  @Is.ContentName('the category it lies in')
  readonly category!: ContentName;

  @Is.OneOf(roomTypes, 'who may write: everybody, or presenters only (auditorium); normal where absent', {
    optional: true,
  })
  readonly type?: RoomType;

  @Is.OneOf(privacies, 'who finds and enters it; closed where absent', { optional: true })
  readonly privacy?: Privacy;

  @Is.ContentName('the add-in shown in it', { optional: true })
  readonly addIn?: ContentName;
}

export const addRoomCommand = defineCommand(AddRoom, {
  summary: 'Add a room to a category',
  role: 'operator',
  example: {
    deployment: 'chat13-tacoma.contoso.com',
    category: 'Pilot',
    room: 'Pilot desk',
    type: 'normal',
    privacy: 'closed',
  },
  subjects: ({ deployment, room }) => [subject.room(deployment, room), subject.deployment(deployment)],
  serialOn: ({ deployment }) => subject.deployment(deployment),
  handle: async (command, tx) => {
    const { stream, host, content } = await open(tx, command.deployment);
    const elsewhere = await lookElsewhere(tx, host, content, { category: command.category, 'add-in': command.addIn });
    return outcome(stream, addRoom(content, host, command, elsewhere));
  },
});
