import type { ReactNode } from 'react';
import { part, type Part } from './part.js';

export interface PagePart extends Part<object> {
  /** The lists that it shows first (`useAll`): whoever begins with it has them asked for while it loads. */
  readonly lists: readonly string[];
}

/** Every page is a chunk of its own. The server knows the same addresses (`console-pages.ts`). */
export const pages: Readonly<Record<string, PagePart>> = {
  '/': page(() => import('../pages/overview/page.js'), ['/api/pools', '/api/deployments']),
  '/deployments': page(() => import('../pages/deployments/list.js'), ['/api/deployments']),
  '/deployments/$deployment': page(() => import('../pages/deployments/one.js')),
  '/pools': page(() => import('../pages/pools/list.js'), ['/api/pools']),
  '/pools/$pool': page(() => import('../pages/pools/one.js')),
  '/users': page(() => import('../pages/users/list.js')),
  '/users/$user': page(() => import('../pages/users/one.js')),
  '/policies': page(() => import('../pages/policies/list.js'), ['/api/policies']),
  '/content': page(() => import('../pages/content/page.js')),
  '/sites': page(() => import('../pages/sites/list.js'), ['/api/sites']),
  '/timeline': page(() => import('../pages/timeline/page.js')),
  '/compare': page(() => import('../pages/compare/page.js')),
  '/commands': page(() => import('../pages/commands/list.js')),
  '/commands/$command': page(() => import('../pages/commands/one.js')),
  '/import': page(() => import('../pages/import/page.js')),
  '/findings': page(() => import('../pages/findings/list.js')),
  '/migrations': page(() => import('../pages/migrations/list.js')),
  '/migrations/$migration': page(() => import('../pages/migrations/one.js')),
  '/plans': page(() => import('../pages/plans/list.js')),
  '/plans/$plan': page(() => import('../pages/plans/one.js')),
  '/runs': page(() => import('../pages/runs/list.js')),
  '/runs/$run': page(() => import('../pages/runs/one.js')),
  '/tokens': page(() => import('../pages/tokens/list.js')),
  '/views': page(() => import('../pages/views/list.js')),
};

function page(load: () => Promise<Readonly<Record<'Page', () => ReactNode>>>, lists: readonly string[] = []): PagePart {
  return { ...part(async () => (await load()).Page), lists };
}

export interface FoundPage {
  readonly page: PagePart;
  /** What its pattern names: `$user` of `/users/$user`, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** The page at an address; undefined where there is none. */
export function pageAt(path: string): FoundPage | undefined {
  const segments = path.split('/').map(decoded);
  for (const [pattern, found] of Object.entries(pages)) {
    const names = pattern.split('/');
    if (names.length !== segments.length) continue;
    if (!names.every((name, at) => (name.startsWith('$') ? segments[at] : name === segments[at]))) continue;
    const params = names.flatMap((name, at) => (name.startsWith('$') ? [[name.slice(1), segments[at] ?? '']] : []));
    return { page: found, params: Object.fromEntries(params) };
  }
  return undefined;
}

/** Undefined where it is not percent-encoded as it should be. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
