import { type ContentName, type Decision, type DeploymentId, foldCase, Refused, refusedBy } from '#kernel';
import type { AddInAdded, AddInRemoved } from './content.js';
import { decideIn, type Host, sealed } from './host.js';
import type { Content } from './inventory.js';
import { missing } from './references.js';

export interface NewAddIn {
  readonly deployment: DeploymentId;
  readonly addIn: ContentName;
  readonly url: string;
}

export function addAddIn(content: Content, host: Host, { deployment, addIn, url }: NewAddIn): Decision<AddInAdded> {
  return decideIn(host, () => {
    const known = content.addIns.get(foldCase(addIn));
    if (known?.url === url) return [];
    return (
      refusedBy(
        sealed(host),
        known && {
          rule: 'content.exists',
          detail: `${deployment} has the add-in ${known.name} already, with the URL ${known.url}`,
        },
      ) ?? [{ type: 'AddInAdded', data: { deployment, addIn, url } }]
    );
  });
}

export function removeAddIn(
  content: Content,
  host: Host,
  { deployment, addIn }: Pick<NewAddIn, 'deployment' | 'addIn'>,
): Decision<AddInRemoved> {
  return decideIn(host, () => {
    const known = content.addIns.get(foldCase(addIn));
    if (!known) return new Refused([missing('add-in', addIn, host)]);
    const { name, rooms } = known;
    return (
      refusedBy(
        rooms > 0 && {
          rule: 'content.add-in-in-use',
          detail: `the add-in ${name} is attached to ${rooms} rooms; detach it from them first`,
          rooms,
        },
      ) ?? [{ type: 'AddInRemoved', data: { deployment, addIn: name } }]
    );
  });
}
