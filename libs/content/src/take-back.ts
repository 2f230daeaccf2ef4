import type { DeploymentId } from '#kernel';
import type { CarriedContentTakenBack, ContentCount } from './carried-over.js';
import { batchThings } from './carry-over.js';
import { coverKey, takeBack } from './carrying.js';
import type { CarriedIn, CarriedKind, Content, Covered } from './inventory.js';
import { asAddIn, asCategory, asRoom } from './previous.js';

export interface TakeBack {
  readonly migration: string;
  readonly source: DeploymentId;
  readonly target: DeploymentId;
  readonly batchThingsMax?: number;
}

type Data = CarriedContentTakenBack['data'];
interface Effect {
  readonly removed?: Partial<Data['removed']>;
  readonly restored?: Partial<Data['restored']>;
  readonly kept?: Partial<Data['kept']>;
}

/** The next batch of a rollback on this content of the target, last carried first; undefined where nothing is left. */
export function takeBackNext(content: Content, wanted: TakeBack): CarriedContentTakenBack | undefined {
  const known = content.carriedIn.get(wanted.migration);
  if (!known || known.put.size === 0) return undefined;
  const remaining = Math.max(known.put.size - (wanted.batchThingsMax ?? batchThings), 0);
  const effects = new Map<string, Effect>();
  let state = content;
  for (let left = known.put.size - 1; left >= remaining; left--) {
    const [kind, name] = known.put.get(left)!;
    const effect = effectOf(state, kind, name, wanted.migration);
    state = takeBack(state, { ...about(state.carriedIn.get(wanted.migration)!, wanted, left), ...together([effect]) });
    if (effect === nothing) continue;
    // What is taken back twice, because it was carried over twice, ends as the last time left it.
    effects.delete(coverKey(kind, name));
    effects.set(coverKey(kind, name), effect);
  }
  return {
    type: 'CarriedContentTakenBack',
    data: { ...about(known, wanted, remaining), ...together([...effects.values()]) },
  };
}

function about(
  { batch, carried, put }: CarriedIn,
  { migration, source, target: deployment }: TakeBack,
  remaining: number,
) {
  const left: Record<keyof ContentCount, number> = { ...carried };
  for (let index = put.size - 1; index >= remaining; index--) {
    const kind = kinds[put.get(index)![0]];
    // What was put a second time, because somebody had removed it, was counted once.
    left[kind] = Math.max(left[kind] - 1, 0);
  }
  return { deployment, source, migration, batch: batch + 1, carried: left, remaining };
}

const kinds = { 'add-in': 'addIns', category: 'categories', room: 'rooms' } as const;

type CoveredRoom = Extract<Covered, { readonly kind: 'room' }>;

const nothing: Effect = {};

/** What becomes of one thing: it goes, or what it had overwritten comes back. What others have changed since is left alone. */
function effectOf(state: Content, kind: CarriedKind, name: string, by: string): Effect {
  switch (kind) {
    case 'room':
      return ofRoom(state, name, by);
    case 'category':
      return ofCategory(state, name, by);
    case 'add-in':
      return ofAddIn(state, name, by);
  }
}

function ofRoom(state: Content, name: string, by: string): Effect {
  const there = state.rooms.get(name);
  if (there && there.carriedOverFrom?.migration !== by) return nothing;
  const under = topOf(state, 'room', name, by);
  if (under?.kind === 'room' && hasPlace(state, name, under)) return roomBack(state, under);
  return there ? { removed: { rooms: [there.name] } } : nothing;
}

function ofCategory(state: Content, name: string, by: string): Effect {
  const there = state.categories.get(name);
  if (there && there.carriedOverFrom?.migration !== by) return nothing;
  const under = topOf(state, 'category', name, by);
  if (under?.kind === 'category')
    return state.rooms.has(name) ? nothing : { restored: { categories: [asCategory(under.previous)] } };
  if (there && there.rooms + there.categories > 0) return { kept: { categories: [there.name] } };
  const removed = there ? { categories: [there.name] } : {};
  const room = topOf(state, 'room', name, by);
  const withoutIt = { ...state, categories: state.categories.delete(name) };
  if (room?.kind === 'room' && !state.rooms.has(name) && hasPlace(withoutIt, name, room))
    return { ...roomBack(state, room), removed };
  return there ? { removed } : nothing;
}

function ofAddIn(state: Content, name: string, by: string): Effect {
  const there = state.addIns.get(name);
  if (there && there.carriedOverFrom?.migration !== by) return nothing;
  const under = topOf(state, 'add-in', name, by);
  if (under?.kind === 'add-in') return { restored: { addIns: [asAddIn(under.previous)] } };
  if (!there) return nothing;
  return there.rooms > 0 ? { kept: { addIns: [there.name] } } : { removed: { addIns: [there.name] } };
}

/** What the migration was the last to overwrite under this name. */
function topOf({ covered }: Content, kind: CarriedKind, name: string, by: string): Covered | undefined {
  const top = covered.get(coverKey(kind, name))?.at(-1);
  return top?.by === by ? top : undefined;
}

/** No category has the room's name, and no room that of a category that would have to come back with it. */
function hasPlace({ categories, rooms }: Content, name: string, { previous }: CoveredRoom): boolean {
  return !categories.has(name) && (categories.has(previous.category) || !rooms.has(previous.category));
}

/** A room comes back with its category, should that have been removed since. */
function roomBack(state: Content, { previous, category }: CoveredRoom): Effect {
  const again = { category, invitations: true, fileUpload: true, chatHistory: true, carriedOverFrom: null };
  return {
    restored: {
      categories: state.categories.has(previous.category) ? [] : [again],
      rooms: [asRoom(state, previous, category)],
    },
  };
}

function together(effects: readonly Effect[]): Pick<Data, 'removed' | 'restored' | 'kept'> {
  const all = <T>(list: (effect: Effect) => readonly T[] | undefined): T[] =>
    effects.flatMap((each) => list(each) ?? []);
  return {
    removed: {
      categories: all(({ removed }) => removed?.categories),
      rooms: all(({ removed }) => removed?.rooms),
      addIns: all(({ removed }) => removed?.addIns),
    },
    restored: {
      categories: all(({ restored }) => restored?.categories),
      rooms: all(({ restored }) => restored?.rooms),
      addIns: all(({ restored }) => restored?.addIns),
    },
    kept: { categories: all(({ kept }) => kept?.categories), addIns: all(({ kept }) => kept?.addIns) },
  };
}
