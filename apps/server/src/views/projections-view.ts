import type { ListAnswer, Views } from '#views';
import type { AnyView, MomentQuery } from './any-view.js';

const number = { type: 'number' } as const;

/** `/api/projections`: how far each read model is. As of a moment: how far it is towards that moment. */
export const projectionsView: AnyView = {
  path: '/api/projections',
  summary: 'The read models and how far each has come',
  kind: 'list',
  parameters: {},
  item: {
    type: 'object',
    properties: {
      projection: { type: 'string' },
      version: { type: 'integer' },
      position: { type: 'string' },
      lagEvents: { type: 'integer' },
      lagSeconds: number,
      state: { type: 'string', enum: ['live', 'rebuilding', 'failed'] },
      progress: { ...number, minimum: 0, maximum: 1 },
    },
  },
};

/** All of them on one page: there are a handful. */
export async function projectionsAnswer(views: Views, { at }: MomentQuery): Promise<ListAnswer> {
  const statuses = await views.statuses();
  const items = statuses.map(({ projection, version, position, lagEvents, lagSeconds, state, progress }) => {
    const reached = position >= BigInt(Math.max(at, 0));
    return {
      projection,
      version,
      position: `${reached && at >= 0 ? at : position}`,
      lagEvents: reached ? 0 : lagEvents,
      lagSeconds: reached ? 0 : lagSeconds,
      state,
      progress: reached ? 1 : progress,
    };
  });
  return { items, next: null, total: items.length };
}
