import type { ContentCount } from './carried-over.js';

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

/** `2 categories, 1 room and 3 add-ins` */
export function sayCount({ categories, rooms, addIns }: ContentCount): string {
  return `${many(categories, 'category', 'categories')}, ${many(rooms, 'room', 'rooms')} and ${many(addIns, 'add-in', 'add-ins')}`;
}
