import { Map } from 'immutable';
import {
  type ContentName,
  type DeploymentId,
  type DomainEvent,
  foldCase,
  neverEvent,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
  type Tally,
} from '#kernel';

export const roomTypes = ['normal', 'auditorium'] as const;
export type RoomType = (typeof roomTypes)[number];
export const privacies = ['open', 'closed', 'secret'] as const;
export type Privacy = (typeof privacies)[number];

type Of<Data> = { readonly deployment: DeploymentId } & Data;
type InRoom<Data = object> = Of<{ readonly room: ContentName } & Data>;

// Names as first written: a reference in another case is recorded in the spelling of what it refers to.
export type CategoryAdded = DomainEvent<
  'CategoryAdded',
  Of<{
    readonly category: ContentName;
    readonly parent: ContentName | null;
    readonly invitations: boolean;
    readonly fileUpload: boolean;
    readonly chatHistory: boolean;
  }>
>;
export type RoomAdded = DomainEvent<
  'RoomAdded',
  InRoom<{
    readonly category: ContentName;
    readonly type: RoomType;
    readonly privacy: Privacy;
    readonly addIn: ContentName | null;
  }>
>;
export type AddInAdded = DomainEvent<'AddInAdded', Of<{ readonly addIn: ContentName; readonly url: string }>>;
export type AddInAttached = DomainEvent<'AddInAttached', InRoom<{ readonly addIn: ContentName }>>;
export type AddInDetached = DomainEvent<'AddInDetached', InRoom>;
export type RoomExcluded = DomainEvent<'RoomExcluded', InRoom<{ readonly reason: string }>>;
export type RoomIncluded = DomainEvent<'RoomIncluded', InRoom>;
export type RoomRemoved = DomainEvent<'RoomRemoved', InRoom>;
export type CategoryRemoved = DomainEvent<'CategoryRemoved', Of<{ readonly category: ContentName }>>;
export type AddInRemoved = DomainEvent<'AddInRemoved', Of<{ readonly addIn: ContentName }>>;
export type ContentEvent =
  | CategoryAdded
  | RoomAdded
  | AddInAdded
  | AddInAttached
  | AddInDetached
  | RoomExcluded
  | RoomIncluded
  | RoomRemoved
  | CategoryRemoved
  | AddInRemoved;

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
}

export interface AddIn {
  readonly name: ContentName;
  readonly url: string;
  /** Rooms it is attached to. */
  readonly rooms: number;
}

/** All content of one deployment, by folded name. Persistent maps: a room more among 50,000 shares all the others. */
export interface Content {
  readonly categories: Map<string, Category>;
  readonly rooms: Map<string, Room>;
  readonly addIns: Map<string, AddIn>;
  readonly excludedRooms: number;
}

const contents: StreamType<Content, ContentEvent> = {
  category: 'content',
  initial: { categories: Map(), rooms: Map(), addIns: Map(), excludedRooms: 0 },
  evolve: (state, event) => {
    switch (event.type) {
      case 'CategoryAdded': {
        const { category: name, invitations, fileUpload, chatHistory } = event.data;
        const parent = event.data.parent === null ? null : foldCase(event.data.parent);
        const added = { name, parent, invitations, fileUpload, chatHistory, rooms: 0, categories: 0 };
        return { ...state, categories: countCategory(state.categories, parent, 1).set(foldCase(name), added) };
      }
      case 'CategoryRemoved': {
        const key = foldCase(event.data.category);
        const parent = state.categories.get(key)?.parent ?? null;
        return { ...state, categories: countCategory(state.categories, parent, -1).delete(key) };
      }
      case 'RoomAdded': {
        const { room: name, type, privacy } = event.data;
        const category = foldCase(event.data.category);
        const addIn = event.data.addIn === null ? null : foldCase(event.data.addIn);
        return {
          ...state,
          categories: countRoom(state.categories, category, 1),
          rooms: state.rooms.set(foldCase(name), { name, category, type, privacy, addIn, excluded: false }),
          addIns: countRoom(state.addIns, addIn, 1),
        };
      }
      case 'RoomRemoved': {
        const key = foldCase(event.data.room);
        const room = state.rooms.get(key);
        if (!room) return state;
        return {
          categories: countRoom(state.categories, room.category, -1),
          rooms: state.rooms.delete(key),
          addIns: countRoom(state.addIns, room.addIn, -1),
          excludedRooms: state.excludedRooms - (room.excluded ? 1 : 0),
        };
      }
      case 'AddInAdded': {
        const { addIn: name, url } = event.data;
        return { ...state, addIns: state.addIns.set(foldCase(name), { name, url, rooms: 0 }) };
      }
      case 'AddInRemoved':
        return { ...state, addIns: state.addIns.delete(foldCase(event.data.addIn)) };
      case 'AddInAttached':
        return attach(state, event.data.room, foldCase(event.data.addIn));
      case 'AddInDetached':
        return attach(state, event.data.room, null);
      case 'RoomExcluded':
        return exclude(state, event.data.room, true);
      case 'RoomIncluded':
        return exclude(state, event.data.room, false);
      default:
        return neverEvent(event);
    }
  },
};

export const contentStream = (deployment: string): StreamRef<Content, ContentEvent> => streamOf(contents, deployment);

export function holdsContent({ categories, rooms, addIns }: Content): boolean {
  return categories.size + rooms.size + addIns.size > 0;
}

const offendersMax = 100;

/** The rooms that are not excluded, so that a migration has to carry them over. */
export function includedRooms(deployment: string, { rooms, excludedRooms }: Content): Tally {
  const count = rooms.size - excludedRooms;
  if (count === 0) return { count, offenders: [] };
  const included = rooms.valueSeq().filter(({ excluded }) => !excluded);
  return {
    count,
    offenders: included
      .take(offendersMax)
      .map(({ name }) => subject.room(deployment, name))
      .toArray(),
  };
}

function countRoom<T extends { readonly rooms: number }>(
  map: Map<string, T>,
  key: string | null,
  by: 1 | -1,
): Map<string, T> {
  const counted = key === null ? undefined : map.get(key);
  return key === null || counted === undefined ? map : map.set(key, { ...counted, rooms: counted.rooms + by });
}

function countCategory(map: Content['categories'], key: string | null, by: 1 | -1): Content['categories'] {
  const counted = key === null ? undefined : map.get(key);
  return key === null || counted === undefined
    ? map
    : map.set(key, { ...counted, categories: counted.categories + by });
}

function attach(state: Content, name: string, addIn: string | null): Content {
  const key = foldCase(name);
  const room = state.rooms.get(key);
  if (!room) return state;
  return {
    ...state,
    rooms: state.rooms.set(key, { ...room, addIn }),
    addIns: countRoom(countRoom(state.addIns, room.addIn, -1), addIn, 1),
  };
}

function exclude(state: Content, name: string, excluded: boolean): Content {
  const key = foldCase(name);
  const room = state.rooms.get(key);
  if (!room || room.excluded === excluded) return state;
  return {
    ...state,
    rooms: state.rooms.set(key, { ...room, excluded }),
    excludedRooms: state.excludedRooms + (excluded ? 1 : -1),
  };
}
