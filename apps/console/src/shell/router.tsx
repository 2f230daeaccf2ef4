import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Waiting } from '../ui/waiting.js';
import { readSearch, writeSearch } from './address.js';
import { PageFailure } from './page-failure.js';
import { pages } from './pages.js';
import { NoSuchPage, Shell } from './shell.js';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage });

export const router = createRouter({
  routeTree: rootRoute.addChildren(
    Object.entries(pages).map(([path, { load }]) =>
      createRoute({ getParentRoute: () => rootRoute, path, component: lazyRouteComponent(load, 'Page') }),
    ),
  ),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: PageFailure,
  scrollRestoration: false,
});
