import { type ListAnswer, pageOf, type ProjectionStatus, type Views } from '#views';
import { failureAnswer, failureSchema, progressSchema } from '../projections/rebuild-answer.js';
import type { AnyView } from './any-view.js';

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
      version: { type: 'integer', description: 'Of the read model that serves' },
      position: { type: 'string' },
      lagEvents: { type: 'integer' },
      lagSeconds: {
        type: 'number',
        description: 'The age of the first event that it has not seen; 0 where it has seen all',
      },
      state: {
        type: 'string',
        enum: ['live', 'rebuilding', 'failed'],
        description: 'rebuilding: made for the first time, or a new one is filled while this one serves',
      },
      progress: {
        anyOf: [
          {
            ...progressSchema,
            properties: {
              ...progressSchema.properties,
              purpose: {
                type: 'string',
                enum: ['catch-up', 'swap', 'compare'],
                description: 'What is being made, and what for',
              },
            },
          },
          { type: 'null' },
        ],
      },
      failure: { anyOf: [{ ...failureSchema, description: 'Where it stopped' }, { type: 'null' }] },
    },
  },
};

export async function projectionsAnswer(views: Views, at: number, page: Page): Promise<ListAnswer> {
  const statuses = await views.statuses();
  const inOrder = statuses.toSorted((a, b) => (a.projection < b.projection ? -1 : 1));
  return pageOf(
    inOrder,
    'projections',
    page,
    ({ projection }) => projection,
    (status) => shownAt(at, status),
  );
}

interface Page {
  readonly limit: number;
  readonly cursor: string | undefined;
}

function shownAt(at: number, status: ProjectionStatus): object {
  const shown = projectionAnswer(status);
  const reached = status.position >= BigInt(Math.max(at, 0));
  return reached ? { ...shown, position: `${Math.max(at, 0)}`, lagEvents: 0, lagSeconds: 0 } : shown;
}

/** One projection as it is now. */
export function projectionAnswer(status: ProjectionStatus) {
  const { projection, version, position, lagEvents, lagSeconds, state, progress, failure } = status;
  return {
    projection,
    version,
    position: `${position}`,
    lagEvents,
    lagSeconds,
    state,
    progress,
    failure: failure ? failureAnswer(failure) : null,
  };
}
