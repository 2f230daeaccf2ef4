import { type ContentName, foldCase } from '#kernel';
import type {
  CarriedContentTakenBack,
  CarriedOverFrom,
  ContentCarriedOver,
  ContentEvent,
  ContentNames,
  PreviousContent,
} from '#content';
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
const origin = (from: CarriedOverFrom | null) => ({
  carried_from: from?.deployment ?? null,
  carried_name: from?.name ?? null,
});
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
type Taken = ContentEvent | ContentCarriedOver | CarriedContentTakenBack;

/** Categories, rooms and add-ins of each deployment. */
export const contentProjection: Projection = {
  name: 'content',
  version: 3,
  sameTablesSince: 2,
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
    'ContentCarriedOver',
    'CarriedContentTakenBack',
  ] satisfies readonly Taken['type'][],
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
    for (const { event, data, position } of events) this.one({ type: event.type, data } as unknown as Taken, position);
    for (const table of [this.categories, this.rooms, this.addIns]) table.flush();
    this.counts.flush();
  }

  private one({ type, data }: Taken, position: number): void {
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
      case 'ContentCarriedOver': {
        const { migration, source, overwritten, addIns, categories, rooms } = data;
        const from = (name: ContentName) => ({ carriedOverFrom: { migration, deployment: source, name } });
        this.remove(position, deployment, namesOf(overwritten));
        return this.restore(position, deployment, {
          addIns: addIns.map((each) => ({ ...each, ...from(each.from) })),
          categories: categories.map((each) => ({ ...each, ...from(each.from) })),
          rooms: rooms.map((each) => ({ ...each, ...from(each.from), excluded: false })),
        });
      }
      case 'CarriedContentTakenBack':
        this.remove(position, deployment, data.removed);
        this.restore(position, deployment, data.restored);
        return this.disown(position, deployment, data.kept);
      case 'ContentExported':
      case 'ContentHandedOver':
      case 'ContentReturned':
        return;
      default:
        throw new Error(`content has no place for ${type as string}`);
    }
  }

  /** Takes out whatever has these names; what has not is passed over. */
  private remove(position: number, deployment: string, { rooms, categories, addIns }: ContentNames): void {
    for (const name of rooms) this.drop(position, deployment, 'rooms', name);
    for (const name of categories) this.drop(position, deployment, 'categories', name);
    for (const name of addIns) this.drop(position, deployment, 'addIns', name);
  }

  private drop(position: number, deployment: string, kind: 'rooms' | 'categories' | 'addIns', name: string): void {
    const key = foldCase(name);
    const known = this[kind].current(deployment, key);
    if (!known) return;
    this[kind].end(position, deployment, key);
    this.count(position, deployment, kind, -1);
    if ('excluded' in known && known.excluded === 1) this.count(position, deployment, 'excludedRooms', -1);
  }

  /** Puts each in the place of what has its name, in the order given. */
  private restore(position: number, deployment: string, { addIns, categories, rooms }: PreviousContent): void {
    for (const { addIn: name, url, carriedOverFrom } of addIns) {
      this.drop(position, deployment, 'addIns', name);
      this.addIns.put(position, [deployment, foldCase(name)], { name, url, ...origin(carriedOverFrom) });
      this.count(position, deployment, 'addIns', 1);
    }
    for (const { category: name, invitations, fileUpload, chatHistory, carriedOverFrom } of categories) {
      this.drop(position, deployment, 'categories', name);
      const flags = numbers({ invitations, file_upload: fileUpload, chat_history: chatHistory });
      // Where content is carried to, categories have one level.
      const row = { name, parent: null, ...flags, ...origin(carriedOverFrom) };
      this.categories.put(position, [deployment, foldCase(name)], row);
      this.count(position, deployment, 'categories', 1);
    }
    for (const { room: name, category, type, privacy, addIn, excluded, carriedOverFrom } of rooms) {
      this.drop(position, deployment, 'rooms', name);
      const place = { category, category_key: foldCase(category), ...attached(addIn) };
      const row = { name, ...place, type, privacy, excluded: Number(excluded), ...origin(carriedOverFrom) };
      this.rooms.put(position, [deployment, foldCase(name)], row);
      this.count(position, deployment, 'rooms', 1);
      if (excluded) this.count(position, deployment, 'excludedRooms', 1);
    }
  }

  /** Counts these as carried over no longer. */
  private disown(position: number, deployment: string, { categories, addIns }: Omit<ContentNames, 'rooms'>): void {
    for (const name of categories) {
      const known = this.categories.current(deployment, foldCase(name));
      if (known) this.categories.put(position, [deployment, foldCase(name)], { ...known, ...notCarried });
    }
    for (const name of addIns) {
      const known = this.addIns.current(deployment, foldCase(name));
      if (known) this.addIns.put(position, [deployment, foldCase(name)], { ...known, ...notCarried });
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

function namesOf({ rooms, categories, addIns }: PreviousContent): ContentNames {
  return {
    rooms: rooms.map(({ room }) => room),
    categories: categories.map(({ category }) => category),
    addIns: addIns.map(({ addIn }) => addIn),
  };
}

function attached(addIn: string | null) {
  return { add_in: addIn, add_in_key: addIn === null ? null : foldCase(addIn) };
}
