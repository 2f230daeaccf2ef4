import type { List, Map, Set } from 'immutable';
import { type ContentName, foldCase } from '#kernel';
import type { CarriedOverFrom, ContentCount } from './carried-over.js';
import type { Privacy, RoomType } from './content.js';

export interface Category {
  readonly name: ContentName;
  /** Folded name. */
  readonly parent: string | null;
  readonly invitations: boolean;
  readonly fileUpload: boolean;
  readonly chatHistory: boolean;
  /** Rooms and categories directly in it. */
  readonly rooms: number;
  readonly categories: number;
  readonly carriedOverFrom: CarriedOverFrom | null;
}

export interface Room {
  readonly name: ContentName;
  /** Folded name. */
  readonly category: string;
  readonly type: RoomType;
  readonly privacy: Privacy;
  /** Folded name. */
  readonly addIn: string | null;
  readonly excluded: boolean;
  readonly carriedOverFrom: CarriedOverFrom | null;
}

export interface AddIn {
  readonly name: ContentName;
  readonly url: string;
  /** Rooms it is attached to. */
  readonly rooms: number;
  readonly carriedOverFrom: CarriedOverFrom | null;
}

/** By folded name. Persistent maps: a room more among 50,000 shares all the others. */
export interface Inventory {
  readonly categories: Map<string, Category>;
  readonly rooms: Map<string, Room>;
  readonly addIns: Map<string, AddIn>;
}

/** All content of one deployment. */
export interface Content extends Inventory {
  readonly excludedRooms: number;
  /** The migration that has exported it and is not rolled back. */
  readonly exportedFor: string | null;
  /** What it was when a migration that is not rolled back imported it elsewhere. */
  readonly handedOver: (Inventory & { readonly migration: string }) | null;
  /** What migrations have carried into it. */
  readonly carriedIn: Map<string, CarriedIn>;
  /** What lies under things that were carried over, by `<kind>/<folded name>`: the last one was overwritten last. */
  readonly covered: Map<string, readonly Covered[]>;
}

export type CarriedKind = 'add-in' | 'category' | 'room';

/** How far a migration has come with the content that it carries into a deployment, or takes back out of it. */
export interface CarriedIn {
  readonly batch: number;
  readonly carried: ContentCount;
  readonly remaining: number;
  /** Names that were there already: what had them was overwritten, or kept what was to have them out. */
  readonly clashes: number;
  /** Folded names, in the source, of the rooms that it has carried over. */
  readonly rooms: Set<string>;
  /** What was put, in this order, that is not taken back: folded names. */
  readonly put: List<readonly [kind: CarriedKind, name: string]>;
}

/** What was overwritten, and by which migration. */
export type Covered = { readonly by: string } & (
  | { readonly kind: 'add-in'; readonly previous: AddIn }
  | { readonly kind: 'category'; readonly previous: Category }
  | { readonly kind: 'room'; readonly previous: Room; readonly category: ContentName }
);

/** A room in the place of the one of its name, if there is one. */
export function putRoom(before: Content, room: Room): Content {
  const key = foldCase(room.name);
  const state = dropRoom(before, key);
  return {
    ...state,
    categories: countRoom(state.categories, room.category, 1),
    rooms: state.rooms.set(key, room),
    addIns: countRoom(state.addIns, room.addIn, 1),
    excludedRooms: state.excludedRooms + (room.excluded ? 1 : 0),
  };
}

export function dropRoom(state: Content, key: string): Content {
  const room = state.rooms.get(key);
  if (!room) return state;
  return {
    ...state,
    categories: countRoom(state.categories, room.category, -1),
    rooms: state.rooms.delete(key),
    addIns: countRoom(state.addIns, room.addIn, -1),
    excludedRooms: state.excludedRooms - (room.excluded ? 1 : 0),
  };
}

export function countRoom<T extends { readonly rooms: number }>(
  map: Map<string, T>,
  key: string | null,
  by: 1 | -1,
): Map<string, T> {
  const counted = key === null ? undefined : map.get(key);
  return key === null || counted === undefined ? map : map.set(key, { ...counted, rooms: counted.rooms + by });
}

export function countCategory(map: Content['categories'], key: string | null, by: 1 | -1): Content['categories'] {
  const counted = key === null ? undefined : map.get(key);
  return key === null || counted === undefined
    ? map
    : map.set(key, { ...counted, categories: counted.categories + by });
}

export function attach(state: Content, name: string, addIn: string | null): Content {
  const key = foldCase(name);
  const room = state.rooms.get(key);
  if (!room) return state;
  return {
    ...state,
    rooms: state.rooms.set(key, { ...room, addIn }),
    addIns: countRoom(countRoom(state.addIns, room.addIn, -1), addIn, 1),
  };
}

export function exclude(state: Content, name: string, excluded: boolean): Content {
  const key = foldCase(name);
  const room = state.rooms.get(key);
  if (!room || room.excluded === excluded) return state;
  return {
    ...state,
    rooms: state.rooms.set(key, { ...room, excluded }),
    excludedRooms: state.excludedRooms + (excluded ? 1 : -1),
  };
}
