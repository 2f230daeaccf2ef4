type Load = () => Promise<Readonly<Record<'Page', () => React.ReactNode>>>;

export interface PagePart {
  readonly load: Load;
  /** The lists that it shows first (`useAll`): whoever begins with it has them asked for while it loads. */
  readonly lists?: readonly string[];
}

/** Every page is a chunk of its own. The server knows the same addresses (`console-pages.ts`). */
export const pages: Readonly<Record<string, PagePart>> = {
  '/': { load: () => import('../pages/overview/page.js'), lists: ['/api/pools', '/api/deployments'] },
  '/deployments': { load: () => import('../pages/deployments/list.js'), lists: ['/api/deployments'] },
  '/deployments/$deployment': { load: () => import('../pages/deployments/one.js') },
  '/pools': { load: () => import('../pages/pools/list.js'), lists: ['/api/pools'] },
  '/pools/$pool': { load: () => import('../pages/pools/one.js') },
  '/users': { load: () => import('../pages/users/list.js') },
  '/users/$user': { load: () => import('../pages/users/one.js') },
  '/policies': { load: () => import('../pages/policies/list.js'), lists: ['/api/policies'] },
  '/content': { load: () => import('../pages/content/page.js') },
  '/sites': { load: () => import('../pages/sites/list.js'), lists: ['/api/sites'] },
  '/timeline': { load: () => import('../pages/timeline/page.js') },
  '/compare': { load: () => import('../pages/compare/page.js') },
  '/commands': { load: () => import('../pages/commands/list.js') },
  '/commands/$command': { load: () => import('../pages/commands/one.js') },
  '/import': { load: () => import('../pages/import/page.js') },
  '/findings': { load: () => import('../pages/findings/list.js') },
  '/migrations': { load: () => import('../pages/migrations/list.js') },
  '/migrations/$migration': { load: () => import('../pages/migrations/one.js') },
  '/plans': { load: () => import('../pages/plans/list.js') },
  '/plans/$plan': { load: () => import('../pages/plans/one.js') },
  '/runs': { load: () => import('../pages/runs/list.js') },
  '/runs/$run': { load: () => import('../pages/runs/one.js') },
  '/tokens': { load: () => import('../pages/tokens/list.js') },
  '/views': { load: () => import('../pages/views/list.js') },
};

/** The page at an address, as the router will find it. */
export function pageAt(path: string): PagePart | undefined {
  const named = path.split('/');
  const found = Object.keys(pages).find((pattern) => {
    const parts = pattern.split('/');
    return (
      parts.length === named.length && parts.every((part, at) => part === named[at] || (part[0] === '$' && named[at]))
    );
  });
  return found === undefined ? undefined : pages[found];
}
