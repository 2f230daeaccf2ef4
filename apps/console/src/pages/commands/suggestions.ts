import { useDeferredValue } from 'react';
import { type ViewOptions, useAll, useView } from '../../api/views.js';
import type {
  AddIn,
  Category,
  Deployment,
  Gates,
  Page,
  Policy,
  Pool,
  Room,
  Site,
  Token,
  User,
} from '../../api/types.js';
import type { Draft } from './body-of.js';

export interface Suggested {
  readonly value: string;
  readonly label?: string;
}

const foundMax = '20';

/** What there is to choose from for a field, as the rest of the form stands. */
export function useSuggestions(field: string, draft: Draft): readonly Suggested[] {
  const typed = useDeferredValue(draft[field] ?? '');
  const deployment = useDeferredValue(draft['deployment'] ?? '');
  const inDeployment = (name: string): ViewOptions => ({ enabled: field === name && deployment !== '' });
  const pools = useAll<Pool>(
    '/api/pools',
    {},
    { enabled: field === 'pool' || field === 'homedOn' || field === 'subject' },
  );
  const deployments = useAll<Deployment>(
    '/api/deployments',
    {},
    { enabled: ['deployment', 'subject', 'source', 'target'].includes(field) },
  );
  const sites = useAll<Site>('/api/sites', {}, { enabled: field === 'site' });
  const policies = useAll<Policy>('/api/policies', {}, { enabled: field === 'policy' });
  const tokens = useAll<Token>('/api/tokens', {}, { enabled: field === 'token' });
  const q = typed.replace(/^sip:/i, '');
  const users = useView<Page<User>>(
    '/api/users',
    { q, limit: foundMax },
    { enabled: field === 'user' && q.length > 1 },
  );
  const rooms = useView<Page<Room>>('/api/rooms', { deployment, q: typed, limit: foundMax }, inDeployment('room'));
  const categories = useView<Page<Category>>(
    '/api/categories',
    { deployment, limit: '500' },
    { enabled: (field === 'category' || field === 'parent') && deployment !== '' },
  );
  const addIns = useView<Page<AddIn>>('/api/add-ins', { deployment, limit: '500' }, inDeployment('addIn'));
  const subject = useDeferredValue(draft['subject'] ?? '');
  const gates = useView<Gates>(
    `/api/gates/${encodeURIComponent(subject)}`,
    {},
    { enabled: field === 'gate' && /^(pool|deployment):.+\..+/.test(subject) },
  );
  switch (field) {
    case 'pool':
    case 'homedOn':
      return standing(pools.data?.body.items).map(({ pool, generation }) => ({
        value: pool,
        label: `${pool} (${generation})`,
      }));
    case 'deployment':
    case 'source':
    case 'target':
      return standing(deployments.data?.body.items).map((each) => ({
        value: each.deployment,
        label: `${each.deployment} (${each.generation})`,
      }));
    case 'subject':
      return [
        ...standing(pools.data?.body.items).map(({ pool }) => ({ value: `pool:${pool}` })),
        ...standing(deployments.data?.body.items).map((each) => ({ value: `deployment:${each.deployment}` })),
      ];
    case 'site':
      return sites.data?.body.items.map(({ site }) => ({ value: site })) ?? [];
    case 'policy':
      return policies.data?.body.items.map(({ policy }) => ({ value: policy })) ?? [];
    case 'token':
      return tokens.data?.body.items.map(({ token, name }) => ({ value: token, label: name })) ?? [];
    case 'user':
      return (
        users.data?.body.items.map(({ user, displayName }) => ({
          value: user.replace(/^sip:/, ''),
          label: displayName ?? user,
        })) ?? []
      );
    case 'room':
      return rooms.data?.body.items.map(({ room }) => ({ value: room })) ?? [];
    case 'category':
    case 'parent':
      return categories.data?.body.items.map(({ category }) => ({ value: category })) ?? [];
    case 'addIn':
      return addIns.data?.body.items.map(({ addIn }) => ({ value: addIn })) ?? [];
    case 'gate':
      return gates.data?.body.gates.map(({ gate }) => ({ value: gate })) ?? [];
    default:
      return [];
  }
}

function standing<T extends { readonly status: string }>(items: readonly T[] | undefined): readonly T[] {
  return items?.filter(({ status }) => status !== 'decommissioned') ?? [];
}
