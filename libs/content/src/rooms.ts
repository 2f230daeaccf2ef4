import {
  type ContentName,
  type Decision,
  type DeploymentId,
  foldCase,
  type Refusal,
  Refused,
  refusedBy,
} from '#kernel';
import type {
  AddInAttached,
  AddInDetached,
  Privacy,
  RoomAdded,
  RoomExcluded,
  RoomIncluded,
  RoomRemoved,
  RoomType,
} from './content.js';
import { decideIn, type Host, sealed } from './host.js';
import type { Content, Room } from './inventory.js';
import { type Elsewhere, missing } from './references.js';

export interface RoomOfDeployment {
  readonly deployment: DeploymentId;
  readonly room: ContentName;
}

export interface NewRoom extends RoomOfDeployment {
  readonly category: ContentName;
  readonly type?: RoomType;
  readonly privacy?: Privacy;
  readonly addIn?: ContentName;
}

export function addRoom(content: Content, host: Host, wanted: NewRoom, elsewhere: Elsewhere): Decision<RoomAdded> {
  return decideIn(host, () => {
    const { deployment, room, type = 'normal', privacy = 'closed' } = wanted;
    const category = content.categories.get(foldCase(wanted.category));
    const addIn = wanted.addIn === undefined ? null : content.addIns.get(foldCase(wanted.addIn));
    const known = content.rooms.get(foldCase(room));
    const data = category &&
      addIn !== undefined && { deployment, room, category: category.name, type, privacy, addIn: addIn?.name ?? null };
    if (known && data && isAs(known, data)) return [];
    return (
      refusedBy(
        sealed(host),
        known && {
          rule: 'content.exists',
          detail: `${deployment} has the room ${known.name} already, with other properties`,
        },
        content.categories.has(foldCase(room)) && {
          rule: 'content.name-clash',
          detail: `${deployment} has a category named ${room}; a room may not share a category's name`,
        },
        !category && missing('category', wanted.category, host, elsewhere),
        wanted.addIn !== undefined && !addIn && missing('add-in', wanted.addIn, host, elsewhere),
      ) ?? (data ? [{ type: 'RoomAdded', data }] : [])
    );
  });
}

function isAs(known: Room, wanted: RoomAdded['data']): boolean {
  return (
    known.category === foldCase(wanted.category) &&
    known.type === wanted.type &&
    known.privacy === wanted.privacy &&
    known.addIn === (wanted.addIn === null ? null : foldCase(wanted.addIn))
  );
}

export function attachAddIn(
  content: Content,
  host: Host,
  wanted: RoomOfDeployment & { readonly addIn: ContentName },
  elsewhere: Elsewhere,
): Decision<AddInAttached> {
  return decideIn(host, () => {
    const room = content.rooms.get(foldCase(wanted.room));
    const addIn = content.addIns.get(foldCase(wanted.addIn));
    const missed = refusedBy(
      !room && missing('room', wanted.room, host, elsewhere),
      !addIn && missing('add-in', wanted.addIn, host, elsewhere),
    );
    if (missed) return missed;
    if (!room || !addIn || room.addIn === foldCase(addIn.name)) return [];
    return [{ type: 'AddInAttached', data: { deployment: wanted.deployment, room: room.name, addIn: addIn.name } }];
  });
}

export function detachAddIn(
  content: Content,
  host: Host,
  wanted: RoomOfDeployment,
  elsewhere: Elsewhere,
): Decision<AddInDetached> {
  return decideOnRoom(content, host, wanted, elsewhere, (room, data) =>
    room.addIn === null ? [] : [{ type: 'AddInDetached', data }],
  );
}

export function excludeRoom(
  content: Content,
  host: Host,
  wanted: RoomOfDeployment & { readonly reason: string },
): Decision<RoomExcluded> {
  return decideOnRoom(content, host, wanted, {}, (room, data) => {
    if (room.excluded) return [];
    const { reason } = wanted;
    return refusedBy(alreadyExported(content, room)) ?? [{ type: 'RoomExcluded', data: { ...data, reason } }];
  });
}

export function includeRoom(content: Content, host: Host, wanted: RoomOfDeployment): Decision<RoomIncluded> {
  return decideOnRoom(content, host, wanted, {}, (room, data) => {
    if (!room.excluded) return [];
    return refusedBy(alreadyExported(content, room)) ?? [{ type: 'RoomIncluded', data }];
  });
}

export function removeRoom(content: Content, host: Host, wanted: RoomOfDeployment): Decision<RoomRemoved> {
  return decideOnRoom(content, host, wanted, {}, (_, data) => [{ type: 'RoomRemoved', data }]);
}

function alreadyExported({ exportedFor }: Content, { name }: Room): Refusal | false {
  return (
    exportedFor !== null && {
      rule: 'migration.already-exported',
      detail: `the migration ${exportedFor} has exported the content of this deployment, the room ${name} as it is; roll it back first`,
      migration: exportedFor,
    }
  );
}

function decideOnRoom<E extends { readonly type: string; readonly data: RoomOfDeployment }>(
  content: Content,
  host: Host,
  wanted: RoomOfDeployment,
  elsewhere: Elsewhere,
  decide: (room: Room, data: RoomOfDeployment) => Decision<E>,
): Decision<E> {
  return decideIn(host, () => {
    const room = content.rooms.get(foldCase(wanted.room));
    if (!room) return new Refused([missing('room', wanted.room, host, elsewhere)]);
    return decide(room, { deployment: wanted.deployment, room: room.name });
  });
}
