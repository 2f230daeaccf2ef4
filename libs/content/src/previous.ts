import type { ContentName } from '#kernel';
import type { PreviousAddIn, PreviousCategory, PreviousRoom } from './carried-over.js';
import type { AddIn, Category, Content, Room } from './inventory.js';

// Things as an event tells what they were.

export function asAddIn({ name: addIn, url, carriedOverFrom }: AddIn): PreviousAddIn {
  return { addIn, url, carriedOverFrom };
}

export function asCategory(category: Category): PreviousCategory {
  const { name, invitations, fileUpload, chatHistory, carriedOverFrom } = category;
  return { category: name, invitations, fileUpload, chatHistory, carriedOverFrom };
}

/** @param category its category's name where that is in the content no longer */
export function asRoom({ categories, addIns }: Content, room: Room, category?: ContentName): PreviousRoom {
  const { name, type, privacy, excluded, carriedOverFrom } = room;
  return {
    room: name,
    category: categories.get(room.category)?.name ?? category ?? (room.category as ContentName),
    type,
    privacy,
    addIn: room.addIn === null ? null : (addIns.get(room.addIn)?.name ?? null),
    excluded,
    carriedOverFrom,
  };
}
