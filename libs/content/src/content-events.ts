import { type ContentName, describeEvents, type Subject, subject } from '#kernel';
import type { CarriedContentTakenBack, ContentCarriedOver, ContentCount, ContentNames } from './carried-over.js';
import type { ContentEvent } from './content.js';
import { sayCount } from './say-count.js';

const ofRoom = ({ deployment, room }: { readonly deployment: string; readonly room: string }): Subject[] => [
  subject.room(deployment, room),
  subject.deployment(deployment),
];

const internally = { schemaVersion: 1, subjects: () => [], internal: true } as const;
const lengthsOf = ({ categories, rooms, addIns }: { readonly [K in keyof ContentCount]: readonly unknown[] }) =>
  sayCount({ categories: categories.length, rooms: rooms.length, addIns: addIns.length });

/** The migration and its two sides, then everything that the batch changes in the target. */
function ofBatch(
  { migration, deployment, source }: (ContentCarriedOver | CarriedContentTakenBack)['data'],
  ...changed: readonly ContentNames[]
): Subject[] {
  const named = changed.flatMap(({ categories, rooms, addIns }) => [
    ...categories.map((name) => subject.category(deployment, name)),
    ...rooms.map((name) => subject.room(deployment, name)),
    ...addIns.map((name) => subject.addIn(deployment, name)),
  ]);
  return [subject.migration(migration), subject.deployment(deployment), subject.deployment(source), ...new Set(named)];
}

interface NamedContent {
  readonly categories: readonly { readonly category: ContentName }[];
  readonly rooms: readonly { readonly room: ContentName }[];
  readonly addIns: readonly { readonly addIn: ContentName }[];
}

function namesOf({ categories, rooms, addIns }: NamedContent): ContentNames {
  return {
    categories: categories.map(({ category }) => category),
    rooms: rooms.map(({ room }) => room),
    addIns: addIns.map(({ addIn }) => addIn),
  };
}

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
  ContentExported: {
    ...internally,
    say: ({ deployment, migration }) => `settled which rooms of ${deployment} are in the export for ${migration}`,
  },
  ContentHandedOver: {
    ...internally,
    say: ({ deployment, migration }) => `handed the content of ${deployment} over to ${migration}`,
  },
  ContentReturned: {
    ...internally,
    say: ({ deployment, migration }) => `took the content of ${deployment} back from ${migration}`,
  },
  ContentCarriedOver: {
    schemaVersion: 1,
    subjects: (data) => ofBatch(data, namesOf(data), namesOf(data.overwritten)),
    say: (data) =>
      `carried ${lengthsOf(data)} of ${data.source} over into ${data.deployment} for ${data.migration} (batch ${data.batch}), ` +
      `overwriting ${lengthsOf(data.overwritten)}`,
  },
  CarriedContentTakenBack: {
    schemaVersion: 1,
    subjects: (data) => ofBatch(data, data.removed, namesOf(data.restored), { ...data.kept, rooms: [] }),
    say: (data) =>
      `took ${lengthsOf(data.removed)} of ${data.source} back out of ${data.deployment} for ${data.migration}, ` +
      `restoring ${lengthsOf(data.restored)}`,
  },
});
