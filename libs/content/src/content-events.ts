import { describeEvents, type Subject, subject } from '#kernel';
import type { ContentEvent } from './content.js';

const ofRoom = ({ deployment, room }: { readonly deployment: string; readonly room: string }): Subject[] => [
  subject.room(deployment, room),
  subject.deployment(deployment),
];

export const contentEvents = describeEvents<ContentEvent>({
  CategoryAdded: {
    schemaVersion: 1,
    subjects: ({ deployment, category, parent }) => [
      subject.category(deployment, category),
      ...(parent === null ? [] : [subject.category(deployment, parent)]),
      subject.deployment(deployment),
    ],
    say: ({ deployment, category, parent }) =>
      `added the category ${category} to ${deployment}${parent === null ? '' : `, in ${parent}`}`,
  },
  RoomAdded: {
    schemaVersion: 1,
    subjects: ({ deployment, room, category, addIn }) => [
      subject.room(deployment, room),
      subject.category(deployment, category),
      ...(addIn === null ? [] : [subject.addIn(deployment, addIn)]),
      subject.deployment(deployment),
    ],
    say: ({ deployment, room, category, type, privacy, addIn }) =>
      `added the ${privacy} ${type} room ${room} to ${deployment}, in ${category}${addIn === null ? '' : `, with the add-in ${addIn}`}`,
  },
  AddInAdded: {
    schemaVersion: 1,
    subjects: ({ deployment, addIn }) => [subject.addIn(deployment, addIn), subject.deployment(deployment)],
    say: ({ deployment, addIn, url }) => `added the add-in ${addIn} (${url}) to ${deployment}`,
  },
  AddInAttached: {
    schemaVersion: 1,
    subjects: ({ deployment, room, addIn }) => [
      subject.room(deployment, room),
      subject.addIn(deployment, addIn),
      subject.deployment(deployment),
    ],
    say: ({ deployment, room, addIn }) => `attached the add-in ${addIn} to the room ${room} of ${deployment}`,
  },
  AddInDetached: {
    schemaVersion: 1,
    subjects: ofRoom,
    say: ({ deployment, room }) => `detached the add-in from the room ${room} of ${deployment}`,
  },
  RoomExcluded: {
    schemaVersion: 1,
    subjects: ofRoom,
    say: ({ deployment, room, reason }) => `excluded the room ${room} of ${deployment} from its migration: ${reason}`,
  },
  RoomIncluded: {
    schemaVersion: 1,
    subjects: ofRoom,
    say: ({ deployment, room }) => `included the room ${room} of ${deployment} in its migration again`,
  },
  RoomRemoved: {
    schemaVersion: 1,
    subjects: ofRoom,
    say: ({ deployment, room }) => `removed the room ${room} from ${deployment}`,
  },
  CategoryRemoved: {
    schemaVersion: 1,
    subjects: ({ deployment, category }) => [subject.category(deployment, category), subject.deployment(deployment)],
    say: ({ deployment, category }) => `removed the category ${category} from ${deployment}`,
  },
  AddInRemoved: {
    schemaVersion: 1,
    subjects: ({ deployment, addIn }) => [subject.addIn(deployment, addIn), subject.deployment(deployment)],
    say: ({ deployment, addIn }) => `removed the add-in ${addIn} from ${deployment}`,
  },
});
