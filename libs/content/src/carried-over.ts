import type { ContentName, DeploymentId, DomainEvent } from '#kernel';
import type { Privacy, RoomType } from './content.js';

/** What a thing of the target was in the source. */
export interface CarriedOverFrom {
  readonly migration: string;
  readonly deployment: DeploymentId;
  readonly name: ContentName;
}

interface CategoryProperties {
  readonly category: ContentName;
  readonly invitations: boolean;
  readonly fileUpload: boolean;
  readonly chatHistory: boolean;
}
interface RoomProperties {
  readonly room: ContentName;
  readonly category: ContentName;
  readonly type: RoomType;
  readonly privacy: Privacy;
  readonly addIn: ContentName | null;
}
interface AddInProperties {
  readonly addIn: ContentName;
  readonly url: string;
}

/** As it is in the target from now on; `from` is its name in the source. */
interface Carried {
  readonly from: ContentName;
}
export type CarriedCategory = CategoryProperties & Carried;
export type CarriedRoom = RoomProperties & Carried;
export type CarriedAddIn = AddInProperties & Carried;

/** As it was in the target before it was overwritten, and is again once that is taken back. */
interface Previous {
  readonly carriedOverFrom: CarriedOverFrom | null;
}
export type PreviousCategory = CategoryProperties & Previous;
export type PreviousRoom = RoomProperties & Previous & { readonly excluded: boolean };
export type PreviousAddIn = AddInProperties & Previous;

export interface PreviousContent {
  readonly categories: readonly PreviousCategory[];
  readonly rooms: readonly PreviousRoom[];
  readonly addIns: readonly PreviousAddIn[];
}

/** Names of the target. */
export interface ContentNames {
  readonly categories: readonly ContentName[];
  readonly rooms: readonly ContentName[];
  readonly addIns: readonly ContentName[];
}

export interface ContentCount {
  readonly categories: number;
  readonly rooms: number;
  readonly addIns: number;
}

/**
 * What the target cannot take: a room with the flattened name of one of its categories, or with one longer than 256 characters, and what
 * gets the name of another one that the same migration has carried over. Such a room stays unaccounted for; the rooms of such a category
 * are put into the other one.
 */
export interface LeftOut {
  readonly from: ContentName;
  /** The name it would have. */
  readonly name: string;
  readonly because: 'name-of-a-category' | 'name-too-long' | 'name-of-another-category' | 'name-of-another-room';
}

/** Something else has its name. */
export const isClash = ({ because }: LeftOut): boolean => because !== 'name-too-long';

interface OfCarryOver {
  /** The target. */
  readonly deployment: DeploymentId;
  readonly source: DeploymentId;
  readonly migration: string;
  /** From 1, without gap. */
  readonly batch: number;
  /** Things of the source that are in the target after this batch because they were carried over. */
  readonly carried: ContentCount;
  /** Things that later batches deal with; 0: this one is the last. */
  readonly remaining: number;
}

/**
 * A batch of a source's content in its target. To apply it: first what is in `overwritten` goes, then `addIns`, `categories` and `rooms`
 * are put in the place of what has their names, in the order given. A room in `overwritten.rooms` may have been overwritten by a
 * category of its name.
 */
export type ContentCarriedOver = DomainEvent<
  'ContentCarriedOver',
  OfCarryOver & {
    readonly addIns: readonly CarriedAddIn[];
    readonly categories: readonly CarriedCategory[];
    readonly rooms: readonly CarriedRoom[];
    readonly overwritten: PreviousContent;
    readonly leftOut: readonly LeftOut[];
  }
>;

/**
 * A batch of what a rollback takes back out of the target. To apply it: first what is in `removed` goes, then what is in `restored` is
 * put in the place of what has its name, and what is in `kept` (others have put rooms in it) counts as carried over no longer.
 */
export type CarriedContentTakenBack = DomainEvent<
  'CarriedContentTakenBack',
  OfCarryOver & {
    readonly removed: ContentNames;
    readonly restored: PreviousContent;
    readonly kept: Omit<ContentNames, 'rooms'>;
  }
>;
