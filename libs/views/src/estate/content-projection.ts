import { foldCase } from '#kernel';
import type { ContentEvent } from '#content';
import type { Database } from 'better-sqlite3';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { CountHistory, countSchema, type CountSpec } from '../storage/count-history.js';
import type { Value } from '../storage/bulk-insert.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';

const text = 'text' as const;
const integer = 'integer' as const;
// Keys are names folded; where carried over from is null for what was added here.
const carried = { carried_from: text, carried_name: text };
const notCarried = { carried_from: null, carried_name: null };
const key = { deployment: text, key: text };

const categories = {
  table: 'category',
  key,
  columns: { name: text, parent: text, invitations: integer, file_upload: integer, chat_history: integer, ...carried },
  indexes: ['key, valid_to'],
} satisfies VersionedSpec;
const rooms = {
  table: 'room',
  key,
  columns: {
    name: text,
    category: text,
    category_key: text,
    type: text,
    privacy: text,
    add_in: text,
    add_in_key: text,
    excluded: integer,
    ...carried,
  },
  indexes: ['key, valid_to', 'deployment, category_key, valid_to', 'deployment, add_in_key, valid_to'],
} satisfies VersionedSpec;
const addIns = {
  table: 'add_in',
  key,
  columns: { name: text, url: text, ...carried },
  indexes: ['key, valid_to'],
} satisfies VersionedSpec;

export const held: CountSpec = { table: 'held', columns: ['deployment', 'kind'] };
type Kind = 'categories' | 'rooms' | 'addIns' | 'excludedRooms';

/** Categories, rooms and add-ins of each deployment. */
export const contentProjection: Projection = {
  name: 'content',
  version: 2,
  types: [
    'CategoryAdded',
    'CategoryRemoved',
    'RoomAdded',
    'RoomRemoved',
    'RoomExcluded',
    'RoomIncluded',
    'AddInAdded',
    'AddInRemoved',
    'AddInAttached',
    'AddInDetached',
  ] satisfies readonly ContentEvent['type'][],
  schema: [...[categories, rooms, addIns].map(versionedSchema), countSchema(held)].join('\n'),
  open: (db) => new ContentWriter(db),
};

class ContentWriter implements ProjectionWriter {
  private readonly categories: VersionedTable<typeof categories>;
  private readonly rooms: VersionedTable<typeof rooms>;
  private readonly addIns: VersionedTable<typeof addIns>;
  private readonly counts: CountHistory;

  constructor(db: Database) {
    this.categories = new VersionedTable(db, categories);
    this.rooms = new VersionedTable(db, rooms);
    this.addIns = new VersionedTable(db, addIns);
    this.counts = new CountHistory(db, held);
  }

  apply(events: readonly ProjectedEvent[]): void {
    for (const { event, data, position } of events)
      this.one({ type: event.type, data } as unknown as ContentEvent, position);
    for (const table of [this.categories, this.rooms, this.addIns]) table.flush();
    this.counts.flush();
  }

  private one({ type, data }: ContentEvent, position: number): void {
    const { deployment } = data;
    switch (type) {
      case 'CategoryAdded': {
        const { category: name, parent, invitations, fileUpload, chatHistory } = data;
        const flags = { invitations, file_upload: fileUpload, chat_history: chatHistory };
        this.categories.put(position, [deployment, foldCase(name)], { name, parent, ...numbers(flags), ...notCarried });
        return this.count(position, deployment, 'categories', 1);
      }
      case 'CategoryRemoved':
        this.categories.end(position, deployment, foldCase(data.category));
        return this.count(position, deployment, 'categories', -1);
      case 'RoomAdded': {
        const { room: name, category, type, privacy, addIn } = data;
        const place = { category, category_key: foldCase(category), ...attached(addIn) };
        const row = { name, ...place, type, privacy, excluded: 0, ...notCarried };
        this.rooms.put(position, [deployment, foldCase(name)], row);
        return this.count(position, deployment, 'rooms', 1);
      }
      case 'RoomRemoved': {
        const excluded = this.room(deployment, data.room).excluded === 1;
        this.rooms.end(position, deployment, foldCase(data.room));
        if (excluded) this.count(position, deployment, 'excludedRooms', -1);
        return this.count(position, deployment, 'rooms', -1);
      }
      case 'RoomExcluded':
        return this.exclude(position, deployment, data.room, 1);
      case 'RoomIncluded':
        return this.exclude(position, deployment, data.room, 0);
      case 'AddInAdded': {
        const { addIn: name, url } = data;
        this.addIns.put(position, [deployment, foldCase(name)], { name, url, ...notCarried });
        return this.count(position, deployment, 'addIns', 1);
      }
      case 'AddInRemoved':
        this.addIns.end(position, deployment, foldCase(data.addIn));
        return this.count(position, deployment, 'addIns', -1);
      case 'AddInAttached':
        return this.changeRoom(position, deployment, data.room, attached(data.addIn));
      case 'AddInDetached':
        return this.changeRoom(position, deployment, data.room, attached(null));
      default:
        throw new Error(`content has no place for ${type as string}`);
    }
  }

  private exclude(position: number, deployment: string, room: string, excluded: 0 | 1): void {
    if (this.room(deployment, room).excluded === excluded) return;
    this.changeRoom(position, deployment, room, { excluded });
    this.count(position, deployment, 'excludedRooms', excluded === 1 ? 1 : -1);
  }

  private changeRoom(position: number, deployment: string, room: string, change: Record<string, Value>): void {
    this.rooms.put(position, [deployment, foldCase(room)], { ...this.room(deployment, room), ...change });
  }

  private room(deployment: string, room: string) {
    const known = this.rooms.current(deployment, foldCase(room));
    if (!known) throw new Error(`${deployment} has no room ${room}`);
    return known;
  }

  private count(position: number, deployment: string, kind: Kind, change: 1 | -1): void {
    this.counts.add(position, this.counts.id(deployment, kind), change);
  }
}

function numbers<K extends string>(flags: Readonly<Record<K, boolean>>): Record<K, number> {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, Number(flag)])) as Record<K, number>;
}

function attached(addIn: string | null) {
  return { add_in: addIn, add_in_key: addIn === null ? null : foldCase(addIn) };
}
