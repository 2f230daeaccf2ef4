import type { FastifyInstance } from 'fastify';

/** The routes that there are, for telling a wrong method from a wrong path. Must see the instance before any route is added. */
export class RouteBook {
  private readonly routes: { readonly segments: readonly string[]; readonly method: string }[] = [];

  constructor(instance: FastifyInstance) {
    instance.addHook('onRoute', ({ url, method }) => {
      for (const each of [method].flat()) this.routes.push({ segments: url.split('/'), method: each });
    });
  }

  /** The methods that a path takes; empty where there is no such path. */
  methodsFor(path: string): string[] {
    const asked = path.split('/');
    const fitting = this.routes.filter(
      ({ segments }) =>
        segments.length === asked.length &&
        segments.every(
          (segment, index) => segment === asked[index] || (segment.startsWith(':') && asked[index] !== ''),
        ),
    );
    return [...new Set(fitting.map(({ method }) => method))].toSorted();
  }
}
