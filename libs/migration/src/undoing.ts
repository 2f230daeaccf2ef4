import type { CarriedOverFrom, Content, ContentCount } from '#content';
import type { Undone } from './events.js';

/** What taking back a migration's content comes to in its target; undefined where it has carried nothing over. */
export function undoneBy(target: Content, migration: string): Undone | undefined {
  const carriedIn = target.carriedIn.get(migration);
  if (!carriedIn || carriedIn.put.size === 0) return undefined;
  let restores = 0;
  for (const layers of target.covered.values()) restores += layers.filter(({ by }) => by === migration).length;
  return { takesOut: there(target, migration), restores, keeps: kept(target, migration) };
}

/** What it has carried over and nobody has removed or overwritten since. */
function there({ categories, rooms, addIns }: Content, migration: string): ContentCount {
  const isOf = ({ carriedOverFrom }: { readonly carriedOverFrom: CarriedOverFrom | null }): boolean =>
    carriedOverFrom?.migration === migration;
  return { categories: categories.count(isOf), rooms: rooms.count(isOf), addIns: addIns.count(isOf) };
}

function kept({ categories, rooms, addIns }: Content, migration: string): number {
  const needed = { categories: new Set<string>(), addIns: new Set<string>() };
  for (const { category, addIn, carriedOverFrom } of rooms.values()) {
    if (carriedOverFrom?.migration === migration) continue;
    if (categories.get(category)?.carriedOverFrom?.migration === migration) needed.categories.add(category);
    if (addIn !== null && addIns.get(addIn)?.carriedOverFrom?.migration === migration) needed.addIns.add(addIn);
  }
  return needed.categories.size + needed.addIns.size;
}
