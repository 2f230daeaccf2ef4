import type { Carriable, Inventory } from '#content';
import { type ContentName, foldCase } from '#kernel';

/** A category as far as its place goes; its parent is a folded name. */
interface Placed {
  readonly name: string;
  readonly parent: string | null;
}
/** Categories by folded name. */
export type Categories<C extends Placed = Placed> = { readonly get: (key: string) => C | undefined };

const between = ' - ';

/** The full names of categories and rooms in a deployment that has one level of categories (`domain.md` §1.3 B1, B3). */
export class FlatNames {
  private readonly known = new Map<string, string>();

  constructor(private readonly categories: Categories) {}

  /** `Parent - Child` of a nested category, all its parents first. */
  category(key: string): string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const { name = key, parent = null } = this.categories.get(key) ?? {};
    const flat = parent === null ? name : `${this.category(parent)}${between}${name}`;
    this.known.set(key, flat);
    return flat;
  }

  /** `Parent - Child - Room` of a room in a nested category; others keep their name. */
  room({ name, category }: { readonly name: string; readonly category: string }): string {
    const isNested = (this.categories.get(category)?.parent ?? null) !== null;
    return isNested ? `${this.category(category)}${between}${name}` : name;
  }
}

/** A source's content that is not excluded, as its target is to have it: add-ins, categories, then rooms, each by name. */
export function carryOverPlan({ categories, rooms, addIns }: Inventory): readonly Carriable[] {
  const flat = new FlatNames(categories);
  const addInName = (key: string | null): ContentName | null => (key === null ? null : (addIns.get(key)?.name ?? null));
  return [
    ...inOrder(addIns).map(({ name, url }) => ({ kind: 'add-in' as const, addIn: name, url, from: name })),
    ...inOrder(categories).map(({ name, invitations, fileUpload, chatHistory }) => ({
      kind: 'category' as const,
      category: flat.category(foldCase(name)),
      invitations,
      fileUpload,
      chatHistory,
      from: name,
    })),
    ...inOrder(rooms.filter(({ excluded }) => !excluded)).map(({ name, category, type, privacy, addIn }) => ({
      kind: 'room' as const,
      room: flat.room({ name, category }),
      category: flat.category(category),
      type,
      privacy,
      addIn: addInName(addIn),
      from: name,
    })),
  ];
}

/** The same on every node, whatever the order in which things came. */
function inOrder<T>(things: { readonly entries: () => IterableIterator<[string, T]> }): T[] {
  return Array.from(things.entries())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, thing]) => thing);
}
