import { type ContentName, type DeploymentId, foldCase, isLongerThan } from '#kernel';
import type {
  CarriedAddIn,
  CarriedCategory,
  CarriedOverFrom,
  CarriedRoom,
  ContentCarriedOver,
  LeftOut,
  PreviousAddIn,
  PreviousCategory,
  PreviousRoom,
} from './carried-over.js';
import type { Content } from './inventory.js';
import { asAddIn, asCategory, asRoom } from './previous.js';

/** A thing of the source as it is to be in the target; its name there may be too long to be one. */
export type Carriable =
  | ({ readonly kind: 'add-in' } & CarriedAddIn)
  | ({ readonly kind: 'category' } & Omit<CarriedCategory, 'category'> & { readonly category: string })
  | ({ readonly kind: 'room' } & Omit<CarriedRoom, 'room' | 'category'> & {
        readonly room: string;
        readonly category: string;
      });

export interface CarryOver {
  readonly migration: string;
  readonly source: DeploymentId;
  readonly target: DeploymentId;
  /** Everything, in an order in which what a thing refers to comes before it. */
  readonly all: readonly Carriable[];
  readonly batchThingsMax?: number;
}

const nameCharactersMax = 256;
/** One flush of the disk serves many, and a single command need not wait long. */
export const batchThings = 250;
/** Of names and URLs, so that an event stays far below what a log takes. */
const batchCharactersMax = 60_000;

/** Whether a name made of several ones is too long to be one. */
export function isTooLong(name: string): boolean {
  return isLongerThan(nameCharactersMax, name);
}

/** The next batch of a carry-over on this content of the target; undefined where nothing is left. */
export function carryOver(content: Content, wanted: CarryOver): ContentCarriedOver | undefined {
  const { migration, source, target, all } = wanted;
  const earlier = content.carriedIn.get(migration);
  const begin = earlier ? all.length - earlier.remaining : 0;
  if (begin >= all.length) return undefined;
  const batch = new Batch(content, wanted);
  let next = begin;
  while (next < all.length && !batch.isFull) batch.take(all[next++]!);
  const { categories = 0, rooms = 0, addIns = 0 } = earlier?.carried ?? {};
  const { taken, data } = batch;
  return {
    type: 'ContentCarriedOver',
    data: {
      deployment: target,
      source,
      migration,
      batch: (earlier?.batch ?? 0) + 1,
      carried: { categories: categories + taken.category, rooms: rooms + taken.room, addIns: addIns + taken['add-in'] },
      remaining: all.length - next,
      ...data,
    },
  };
}

type Data = ContentCarriedOver['data'];
type Overwritten = { readonly [K in keyof Data['overwritten']]: Data['overwritten'][K][number][] };

class Batch {
  readonly taken = { 'add-in': 0, category: 0, room: 0 };
  private readonly addIns: Data['addIns'][number][] = [];
  private readonly categories: Data['categories'][number][] = [];
  private readonly rooms: Data['rooms'][number][] = [];
  private readonly overwritten: Overwritten = { addIns: [], categories: [], rooms: [] };
  private readonly leftOut: LeftOut[] = [];
  private readonly names: Names;
  private readonly sourceCategories: ReadonlySet<string>;
  private things = 0;
  private characters = 0;

  constructor(
    content: Content,
    private readonly carryOver: CarryOver,
  ) {
    this.names = new Names(content);
    this.sourceCategories = new Set(
      carryOver.all.flatMap((thing) => (thing.kind === 'category' ? [foldCase(thing.category)] : [])),
    );
  }

  get isFull(): boolean {
    return this.things >= (this.carryOver.batchThingsMax ?? batchThings) || this.characters >= batchCharactersMax;
  }

  get data() {
    const { addIns, categories, rooms, overwritten, leftOut } = this;
    return { addIns, categories, rooms, overwritten, leftOut };
  }

  take(thing: Carriable): void {
    this.things++;
    this.characters += JSON.stringify(thing).length;
    const isTaken = thing.kind === 'room' ? this.takeRoom(thing) : this.put(thing);
    if (isTaken) this.taken[thing.kind]++;
  }

  private put(thing: Exclude<Carriable, { kind: 'room' }>): boolean {
    const { kind, ...properties } = thing;
    if (kind === 'category' && isTooLong(thing.category)) return false;
    if (kind === 'add-in') {
      const addIn = properties as CarriedAddIn;
      push(this.overwritten.addIns, this.names.addIn(addIn.addIn));
      this.addIns.push(addIn);
      this.names.addIns.set(foldCase(addIn.addIn), { ...addIn, carriedOverFrom: this.origin(addIn) });
    } else {
      const category = properties as CarriedCategory;
      const there = this.names.category(category.category);
      if (this.isOwn(there)) {
        this.leftOut.push({ from: category.from, name: category.category, because: 'name-of-another-category' });
        return false;
      }
      push(this.overwritten.rooms, this.names.room(category.category));
      push(this.overwritten.categories, there);
      this.categories.push(category);
      this.names.rooms.set(foldCase(category.category), null);
      this.names.categories.set(foldCase(category.category), { ...category, carriedOverFrom: this.origin(category) });
    }
    return true;
  }

  private takeRoom(wanted: Extract<Carriable, { kind: 'room' }>): boolean {
    const { kind: _, ...thing } = wanted;
    const { room: name, category, from } = thing;
    // A category of the source may have been removed from the target since, to be put again when a room needs it.
    const isCategory = this.sourceCategories.has(foldCase(name)) || this.names.category(name) !== undefined;
    const there = this.names.room(name);
    const isTaken = isCategory ? 'name-of-a-category' : this.isOwn(there) ? 'name-of-another-room' : undefined;
    const because = isTooLong(name) ? 'name-too-long' : isTaken;
    if (because !== undefined) {
      this.leftOut.push({ from, name, because });
      return false;
    }
    this.putAgain('category', category, this.names.category(category));
    if (thing.addIn !== null) this.putAgain('add-in', thing.addIn, this.names.addIn(thing.addIn));
    push(this.overwritten.rooms, there);
    const room = thing as CarriedRoom;
    this.rooms.push(room);
    this.names.rooms.set(foldCase(name), { ...room, excluded: false, carriedOverFrom: this.origin(room) });
    return true;
  }

  /** Somebody has removed it from the target since it was carried over, and a room needs it. */
  private putAgain(kind: 'add-in' | 'category', name: string, there: object | undefined): void {
    if (there) return;
    const thing = this.carryOver.all.find(
      (each) =>
        each.kind === kind && foldCase(each.kind === 'category' ? each.category : each.addIn) === foldCase(name),
    );
    if (thing && thing.kind !== 'room') this.put(thing);
  }

  /** Of two things of a source that get one name the first one stays: nothing that was counted as carried over goes again. */
  private isOwn(there: PreviousCategory | PreviousRoom | undefined): boolean {
    return there?.carriedOverFrom?.migration === this.carryOver.migration;
  }

  private origin({ from: name }: { readonly from: ContentName }): CarriedOverFrom {
    const { migration, source: deployment } = this.carryOver;
    return { migration, deployment, name };
  }
}

/** What has a name in the target, as it would be recorded, with what the batch puts there itself. */
class Names {
  readonly addIns = new Map<string, PreviousAddIn>();
  readonly categories = new Map<string, PreviousCategory>();
  /** Null where a category of the name has overwritten it. */
  readonly rooms = new Map<string, PreviousRoom | null>();

  constructor(private readonly content: Content) {}

  addIn(name: string): PreviousAddIn | undefined {
    const key = foldCase(name);
    const there = this.content.addIns.get(key);
    return this.addIns.get(key) ?? (there && asAddIn(there));
  }

  category(name: string): PreviousCategory | undefined {
    const key = foldCase(name);
    const there = this.content.categories.get(key);
    return this.categories.get(key) ?? (there && asCategory(there));
  }

  room(name: string): PreviousRoom | undefined {
    const key = foldCase(name);
    if (this.rooms.has(key)) return this.rooms.get(key) ?? undefined;
    const there = this.content.rooms.get(key);
    return there && asRoom(this.content, there);
  }
}

function push<T>(list: T[], thing: T | undefined): void {
  if (thing !== undefined) list.push(thing);
}
