import { type ContentName, type Decision, type DeploymentId, foldCase, isLegacy, Refused, refusedBy } from '#kernel';
import type { CategoryAdded, CategoryRemoved } from './content.js';
import { decideIn, type Host, sealed } from './host.js';
import type { Category, Content } from './inventory.js';
import { type Elsewhere, missing } from './references.js';

export interface NewCategory {
  readonly deployment: DeploymentId;
  readonly category: ContentName;
  readonly parent?: ContentName;
  /** What a category does not say, it allows. */
  readonly invitations?: boolean;
  readonly fileUpload?: boolean;
  readonly chatHistory?: boolean;
}

export function addCategory(
  content: Content,
  host: Host,
  wanted: NewCategory,
  elsewhere: Elsewhere,
): Decision<CategoryAdded> {
  return decideIn(host, () => {
    const { deployment, category } = wanted;
    const parent = wanted.parent === undefined ? undefined : content.categories.get(foldCase(wanted.parent));
    const data = {
      deployment,
      category,
      parent: parent?.name ?? null,
      invitations: wanted.invitations ?? true,
      fileUpload: wanted.fileUpload ?? true,
      chatHistory: wanted.chatHistory ?? true,
    };
    const known = content.categories.get(foldCase(category));
    const missingParent = wanted.parent !== undefined && !parent && missing('category', wanted.parent, host, elsewhere);
    if (known && !missingParent && isAs(known, data)) return [];
    return (
      refusedBy(
        sealed(host),
        known && {
          rule: 'content.exists',
          detail: `${deployment} has the category ${known.name} already, with other properties`,
        },
        content.rooms.has(foldCase(category)) && {
          rule: 'content.name-clash',
          detail: `${deployment} has a room named ${category}; a category may not share a room's name`,
        },
        wanted.parent !== undefined &&
          host.state !== null &&
          !isLegacy(host.state.generation) && {
            rule: 'content.nested-category',
            detail: `${deployment} is a ${host.state.generation} deployment: its categories have one level; leave out the parent`,
          },
        missingParent,
      ) ?? [{ type: 'CategoryAdded', data }]
    );
  });
}

function isAs(known: Category, wanted: CategoryAdded['data']): boolean {
  return (
    known.parent === (wanted.parent === null ? null : foldCase(wanted.parent)) &&
    known.invitations === wanted.invitations &&
    known.fileUpload === wanted.fileUpload &&
    known.chatHistory === wanted.chatHistory
  );
}

export function removeCategory(
  content: Content,
  host: Host,
  { deployment, category }: { readonly deployment: DeploymentId; readonly category: ContentName },
): Decision<CategoryRemoved> {
  return decideIn(host, () => {
    const known = content.categories.get(foldCase(category));
    if (!known) return new Refused([missing('category', category, host)]);
    const { name, rooms, categories } = known;
    return (
      refusedBy(
        rooms + categories > 0 && {
          rule: 'content.category-not-empty',
          detail: `the category ${name} holds ${rooms} rooms and ${categories} categories; remove those first`,
          rooms,
          categories,
        },
      ) ?? [{ type: 'CategoryRemoved', data: { deployment, category: name } }]
    );
  });
}
