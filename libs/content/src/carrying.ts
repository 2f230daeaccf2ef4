import { List, type Map, Set } from 'immutable';
import { type ContentName, foldCase } from '#kernel';
import {
  type CarriedContentTakenBack,
  type CarriedOverFrom,
  type ContentCarriedOver,
  isClash,
} from './carried-over.js';
import { type CarriedIn, type CarriedKind, type Content, type Covered, dropRoom, putRoom } from './inventory.js';

/** What a batch that is carried over makes of the target. */
export function takeOver(before: Content, data: ContentCarriedOver['data']): Content {
  const { migration, source, batch, carried, remaining } = data;
  const origin = (name: CarriedOverFrom['name']): CarriedOverFrom => ({ migration, deployment: source, name });
  let state = before;
  for (const { addIn: name, url, from } of data.addIns) {
    const key = foldCase(name);
    const previous = state.addIns.get(key);
    const covered = cover(state, key, previous && { by: migration, kind: 'add-in', previous });
    const addIn = { name, url, rooms: previous?.rooms ?? 0, carriedOverFrom: origin(from) };
    state = { ...state, covered, addIns: state.addIns.set(key, addIn) };
  }
  for (const { category: name, from, ...flags } of data.categories) {
    const key = foldCase(name);
    state = coverRoom(state, key, migration);
    const previous = state.categories.get(key);
    const covered = cover(state, key, previous && { by: migration, kind: 'category', previous });
    const { rooms = 0, categories = 0 } = previous ?? {};
    const category = { name, parent: null, ...flags, rooms, categories, carriedOverFrom: origin(from) };
    state = { ...state, covered, categories: state.categories.set(key, category) };
  }
  for (const { room: name, category, type, privacy, addIn, from } of data.rooms) {
    state = coverRoom(state, foldCase(name), migration);
    state = putRoom(state, {
      name,
      category: foldCase(category),
      type,
      privacy,
      addIn: addIn === null ? null : foldCase(addIn),
      excluded: false,
      carriedOverFrom: origin(from),
    });
  }
  const earlier = state.carriedIn.get(migration) ?? nothingCarried;
  const put = [
    ...data.addIns.map(({ addIn }) => ['add-in', foldCase(addIn)] as const),
    ...data.categories.map(({ category }) => ['category', foldCase(category)] as const),
    ...data.rooms.map(({ room }) => ['room', foldCase(room)] as const),
  ];
  const now: CarriedIn = {
    batch,
    carried,
    remaining,
    clashes: earlier.clashes + clashesIn(data),
    rooms: earlier.rooms.union(data.rooms.map(({ from }) => foldCase(from))),
    put: earlier.put.concat(put),
  };
  return { ...state, carriedIn: state.carriedIn.set(migration, now) };
}

/** What a batch that is taken back makes of the target. */
export function takeBack(before: Content, data: CarriedContentTakenBack['data']): Content {
  const { migration, batch, carried, remaining, removed, restored, kept } = data;
  let state = before;
  for (const name of removed.rooms) state = dropRoom(state, foldCase(name));
  state = {
    ...state,
    categories: state.categories.deleteAll(removed.categories.map(foldCase)),
    addIns: state.addIns.deleteAll(removed.addIns.map(foldCase)),
  };
  for (const { addIn: name, url, carriedOverFrom } of restored.addIns) {
    const rooms = state.addIns.get(foldCase(name))?.rooms ?? 0;
    state = { ...state, addIns: state.addIns.set(foldCase(name), { name, url, rooms, carriedOverFrom }) };
  }
  for (const { category: name, ...properties } of restored.categories) {
    const { rooms = 0, categories = 0 } = state.categories.get(foldCase(name)) ?? {};
    const category = { name, parent: null, ...properties, rooms, categories };
    state = { ...state, categories: state.categories.set(foldCase(name), category) };
  }
  for (const { room: name, category, addIn, ...properties } of restored.rooms) {
    const place = { category: foldCase(category), addIn: addIn === null ? null : foldCase(addIn) };
    state = putRoom(state, { name, ...place, ...properties });
  }
  const nobodys = { carriedOverFrom: null };
  state = {
    ...state,
    addIns: changeAll(state.addIns, kept.addIns, nobodys),
    categories: changeAll(state.categories, kept.categories, nobodys),
  };
  const earlier = state.carriedIn.get(migration) ?? nothingCarried;
  let { covered } = state;
  for (let index = earlier.put.size - 1; index >= remaining; index--) {
    const [kind, name] = earlier.put.get(index) ?? [];
    if (kind !== undefined && name !== undefined) covered = uncover(covered, kind, name, migration);
  }
  const rooms: CarriedIn['rooms'] = remaining === 0 ? Set() : earlier.rooms;
  const { clashes } = earlier;
  const now = { batch, carried, remaining, clashes, rooms, put: earlier.put.setSize(remaining) };
  return { ...state, covered, carriedIn: state.carriedIn.set(migration, now) };
}

const nothingCarried: Pick<CarriedIn, 'clashes' | 'rooms' | 'put'> = { clashes: 0, rooms: Set(), put: List() };

function clashesIn({ overwritten: { addIns, categories, rooms }, leftOut }: ContentCarriedOver['data']): number {
  return addIns.length + categories.length + rooms.length + leftOut.filter(isClash).length;
}

/** Where in `covered` something lies. */
export const coverKey = (kind: CarriedKind, name: string): string => `${kind}/${name}`;

function cover(state: Content, name: string, covered: Covered | undefined): Content['covered'] {
  if (!covered) return state.covered;
  const key = coverKey(covered.kind, name);
  return state.covered.set(key, [...(state.covered.get(key) ?? []), covered]);
}

/** A room gives way to what is carried over under its name. */
function coverRoom(state: Content, name: string, by: string): Content {
  const previous = state.rooms.get(name);
  if (!previous) return state;
  const category = state.categories.get(previous.category)?.name ?? (previous.category as ContentName);
  return { ...dropRoom(state, name), covered: cover(state, name, { by, kind: 'room', previous, category }) };
}

/** What is left covered once a thing that the migration has put is taken away. A category may have covered a room of its name. */
export function uncover(covered: Content['covered'], kind: CarriedKind, name: string, by: string): Content['covered'] {
  const left = uncoverIn(covered, coverKey(kind, name), by);
  if (kind !== 'category') return left;
  const layers = covered.get(coverKey('category', name)) ?? [];
  // It has put two categories of this name: the room lies under the first one.
  if (layers.findLast((layer) => layer.by === by)?.previous.carriedOverFrom?.migration === by) return left;
  // Where another migration's category has taken the place of this one, the room lies under that one.
  const heir = layers.find((layer) => covers(layer, by))?.by;
  const rooms = left.get(coverKey('room', name));
  if (heir === undefined || !rooms) return uncoverIn(left, coverKey('room', name), by);
  return left.set(
    coverKey('room', name),
    rooms.map((layer) => (layer.by === by ? { ...layer, by: heir } : layer)),
  );
}

/** It lies over a thing that the migration `of` has put. */
function covers(layer: Covered, of: string): boolean {
  return layer.by !== of && layer.previous.carriedOverFrom?.migration === of;
}

function uncoverIn(covered: Content['covered'], key: string, by: string): Content['covered'] {
  const layers = covered.get(key);
  if (!layers) return covered;
  const own = layers.findLastIndex((layer) => layer.by === by);
  // Where another migration has overwritten the thing since, what lay under it lies under that one's now.
  const above = layers.findLastIndex((layer) => covers(layer, by));
  const left = layers.flatMap((layer, index) => {
    if (index === own) return [];
    if (index !== above || above < own) return [layer];
    return own === -1 ? [] : [{ ...layers[own]!, by: layer.by }];
  });
  return left.length === 0 ? covered.delete(key) : covered.set(key, left);
}

function changeAll<T extends object>(
  things: Map<string, T>,
  names: readonly string[],
  change: Partial<T>,
): Map<string, T> {
  return names.reduce((changed, name) => {
    const thing = changed.get(foldCase(name));
    return thing ? changed.set(foldCase(name), { ...thing, ...change }) : changed;
  }, things);
}
