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
} from '#kernel';
import type { CarriedContentTakenBack, ContentCarriedOver } from './carried-over.js';
import { takeBack, takeOver } from './carrying.js';
import { attach, type Content, countCategory, dropRoom, exclude, putRoom } from './inventory.js';

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
/** A migration has exported the content: which rooms are in it is settled. */
export type ContentExported = DomainEvent<'ContentExported', Of<{ readonly migration: string }>>;
/** A migration has imported it elsewhere: what it is at this moment is what is carried over. */
export type ContentHandedOver = DomainEvent<'ContentHandedOver', Of<{ readonly migration: string }>>;
/** The migration is rolled back. */
export type ContentReturned = DomainEvent<'ContentReturned', Of<{ readonly migration: string }>>;
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
  | AddInRemoved
  | ContentExported
  | ContentHandedOver
  | ContentReturned
  | ContentCarriedOver
  | CarriedContentTakenBack;

const contents: StreamType<Content, ContentEvent> = {
  category: 'content',
  initial: {
    categories: Map(),
    rooms: Map(),
    addIns: Map(),
    excludedRooms: 0,
    exportedFor: null,
    handedOver: null,
    carriedIn: Map(),
    covered: Map(),
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'CategoryAdded': {
        const { category: name, invitations, fileUpload, chatHistory } = event.data;
        const parent = event.data.parent === null ? null : foldCase(event.data.parent);
        const flags = { invitations, fileUpload, chatHistory };
        const added = { name, parent, ...flags, rooms: 0, categories: 0, carriedOverFrom: null };
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
        return putRoom(state, { name, category, type, privacy, addIn, excluded: false, carriedOverFrom: null });
      }
      case 'RoomRemoved':
        return dropRoom(state, foldCase(event.data.room));
      case 'AddInAdded': {
        const { addIn: name, url } = event.data;
        return { ...state, addIns: state.addIns.set(foldCase(name), { name, url, rooms: 0, carriedOverFrom: null }) };
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
      case 'ContentExported':
        return { ...state, exportedFor: event.data.migration };
      case 'ContentHandedOver': {
        const { categories, rooms, addIns } = state;
        return { ...state, handedOver: { migration: event.data.migration, categories, rooms, addIns } };
      }
      case 'ContentReturned':
        return { ...state, exportedFor: null, handedOver: null };
      case 'ContentCarriedOver':
        return takeOver(state, event.data);
      case 'CarriedContentTakenBack':
        return takeBack(state, event.data);
      default:
        return neverEvent(event);
    }
  },
};

export const contentStream = (deployment: string): StreamRef<Content, ContentEvent> => streamOf(contents, deployment);

export function holdsContent({ categories, rooms, addIns }: Content): boolean {
  return categories.size + rooms.size + addIns.size > 0;
}
