import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Waiting } from '../ui/waiting.js';
import { readSearch, writeSearch } from './address.js';
import { PageFailure } from './page-failure.js';
import { NoSuchPage, Shell } from './shell.js';

type Load = () => Promise<Readonly<Record<'Page', () => React.ReactNode>>>;

/** Every page is a chunk of its own. The server knows the same addresses (`console-pages.ts`). */
const pages: Readonly<Record<string, Load>> = {
  '/': () => import('../pages/overview/page.js'),
  '/deployments': () => import('../pages/deployments/list.js'),
  '/deployments/$deployment': () => import('../pages/deployments/one.js'),
  '/pools': () => import('../pages/pools/list.js'),
  '/pools/$pool': () => import('../pages/pools/one.js'),
  '/users': () => import('../pages/users/list.js'),
  '/users/$user': () => import('../pages/users/one.js'),
  '/policies': () => import('../pages/policies/list.js'),
  '/content': () => import('../pages/content/page.js'),
  '/sites': () => import('../pages/sites/list.js'),
  '/timeline': () => import('../pages/timeline/page.js'),
  '/compare': () => import('../pages/compare/page.js'),
  '/commands': () => import('../pages/commands/list.js'),
  '/commands/$command': () => import('../pages/commands/one.js'),
  '/import': () => import('../pages/import/page.js'),
  '/findings': () => import('../pages/findings/list.js'),
  '/migrations': () => import('../pages/migrations/list.js'),
  '/migrations/$migration': () => import('../pages/migrations/one.js'),
  '/plans': () => import('../pages/plans/list.js'),
  '/plans/$plan': () => import('../pages/plans/one.js'),
  '/runs': () => import('../pages/runs/list.js'),
  '/runs/$run': () => import('../pages/runs/one.js'),
  '/tokens': () => import('../pages/tokens/list.js'),
  '/views': () => import('../pages/views/list.js'),
};

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage });

export const router = createRouter({
  routeTree: rootRoute.addChildren(
    Object.entries(pages).map(([path, load]) =>
      createRoute({ getParentRoute: () => rootRoute, path, component: lazyRouteComponent(load, 'Page') }),
    ),
  ),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: PageFailure,
  scrollRestoration: false,
});
