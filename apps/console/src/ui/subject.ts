import type { Search } from '../shell/address.js';
import { writeQualifiers } from './qualifiers.js';

export interface PageAddress {
  readonly to: string;
  readonly search?: Search;
}

/** The page about a subject; undefined where there is none. */
export function addressOf(subject: string): PageAddress | undefined {
  const [, kind = '', id = ''] = /^([a-z-]+):(.+)$/s.exec(subject) ?? [];
  const inDeployment = /^([^/]+)\/(.+)$/s.exec(id);
  switch (kind) {
    case 'pool':
      return { to: `/pools/${encodeURIComponent(id)}` };
    case 'deployment':
      return { to: `/deployments/${encodeURIComponent(id)}` };
    case 'user':
      return { to: userPath(id) };
    case 'policy':
      return { to: '/policies' };
    case 'site':
      return { to: '/sites' };
    case 'run':
      return { to: `/runs/${encodeURIComponent(id)}` };
    case 'migration':
      return { to: `/migrations/${encodeURIComponent(id)}` };
    case 'token':
      return { to: '/tokens' };
    case 'room':
    case 'category':
    case 'add-in': {
      if (!inDeployment) return undefined;
      const [, deployment = '', name = ''] = inDeployment;
      const show = { room: 'rooms', category: 'categories', 'add-in': 'add-ins' }[kind];
      return { to: '/content', search: { deployment, show, find: name } };
    }
    default:
      return undefined;
  }
}

export function userPath(user: string): string {
  return `/users/${encodeURIComponent(user.replace(/^sip:/, ''))}`;
}

/** The list of users that these filters leave. */
export function usersAddress(filters: Readonly<Record<string, string>>): PageAddress {
  const terms = Object.entries(filters).map(([name, value]) => ({ name, value, exclude: false }));
  return { to: '/users', search: { find: writeQualifiers(terms) } };
}

/** The timeline of one subject. */
export function timelineAddress(subject: string): PageAddress {
  return { to: '/timeline', search: { find: writeQualifiers([{ name: 'subject', value: subject, exclude: false }]) } };
}
