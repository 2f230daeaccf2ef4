import { rebuildSchema } from '../projections/rebuild-answer.js';
import { projectionsView } from '../views/projections-view.js';
import { type ExtraPaths, parameter, problems } from './document.js';

const name = {
  ...parameter('path', 'projection', { type: 'string' }, 'Its name as /api/projections tells it, or `all`'),
  required: true,
};
const one = (description: string, schema: object): object => ({
  description,
  content: {
    'application/json': {
      schema: {
        anyOf: [
          schema,
          {
            type: 'object',
            description: 'Of all',
            required: ['items', 'next', 'total'],
            properties: {
              items: { type: 'array', items: schema },
              next: { type: 'null' },
              total: { type: 'integer' },
            },
          },
        ],
      },
    },
  },
});
const admin = 'Takes the role `admin`.';
const always = ['malformed', 'sign-in-required', 'forbidden', 'not-found'] as const;

/** What an admin does with read models. */
export const projectionPaths: ExtraPaths = {
  '/api/projections/{projection}/rebuild': {
    post: {
      tags: ['operations'],
      summary: 'Make a read model anew from the log while the old one serves, and swap; or compare',
      description: `${admin} The old one serves and follows until the new one has as much; then the new one takes its place in one step. A restart goes on with it.`,
      parameters: [
        name,
        parameter(
          'query',
          'compare',
          { type: 'string', enum: ['true', 'false'], default: 'false' },
          'End with a verdict instead: a digest of each table of both, and the first rows that differ',
        ),
      ],
      responses: {
        202: {
          ...one('It has begun', rebuildSchema),
          headers: { Location: { schema: { type: 'string' }, description: '/api/projections/{projection}/rebuild' } },
        },
        ...problems(...always, 'conflict', 'unavailable'),
      },
    },
    get: {
      tags: ['operations'],
      summary: 'The rebuild or comparison that runs, or the last one since the server started',
      description: admin,
      parameters: [name],
      responses: { 200: one('How far it is, or how it ended', rebuildSchema), ...problems(...always) },
    },
    delete: {
      tags: ['operations'],
      summary: 'Cancel the rebuild or comparison that this projection is in',
      description: `${admin} What was asked for together is cancelled together; what was filled is removed.`,
      parameters: [name],
      responses: { 200: one('It was cancelled', rebuildSchema), ...problems(...always, 'conflict') },
    },
  },
  '/api/projections/{projection}/retry': {
    post: {
      tags: ['operations'],
      summary: 'Let a failed projection try again from the event at which it stopped',
      description: `${admin} Nothing is skipped: where the event still cannot be taken, the projection stops there again.`,
      parameters: [name],
      responses: { 202: one('It tries', projectionsView.item), ...problems(...always, 'conflict') },
    },
  },
};
