import { type ExtraPaths, parameter, problems } from './document.js';
import { projectionPaths } from './projection-paths.js';
import { planPaths } from './plan-paths.js';
import { runPaths } from './run-paths.js';

const who = {
  type: 'object',
  required: ['token', 'name', 'roles', 'expiresAt'],
  properties: {
    token: { type: 'string', description: 'The id of the token, never its secret' },
    name: { type: 'string' },
    roles: { type: 'array', items: { type: 'string' } },
    expiresAt: { type: ['string', 'null'], format: 'date-time' },
  },
};
const json = (description: string, schema: object): object => ({
  description,
  content: { 'application/json': { schema } },
});
const text = (description: string, type: string): object => ({
  description,
  content: { [type]: { schema: { type: 'string' } } },
});
const open = { security: [] };

/** The server's own routes. */
export const ownPaths: ExtraPaths = {
  ...projectionPaths,
  ...planPaths,
  ...runPaths,
  '/api/session': {
    post: {
      ...open,
      tags: ['session'],
      summary: 'Exchange a token for a session cookie',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['token'],
              additionalProperties: false,
              properties: { token: { type: 'string' } },
            },
          },
        },
      },
      responses: {
        200: json('Signed in', who),
        ...problems(
          'malformed',
          'sign-in-refused',
          'other-origin',
          'too-large',
          'unsupported-media-type',
          'too-many-requests',
          'unavailable',
        ),
      },
    },
    get: {
      tags: ['session'],
      summary: 'Who am I',
      responses: { 200: json('You', who), ...problems('malformed', 'sign-in-required', 'too-many-requests') },
    },
    delete: {
      ...open,
      tags: ['session'],
      summary: 'Sign out: the session of the cookie ends for good',
      responses: { 204: { description: 'Signed out' }, ...problems('malformed', 'other-origin', 'unavailable') },
    },
  },
  '/api/live': {
    get: {
      tags: ['operations'],
      summary:
        'Server-sent events: {position, subjects} as the views advance; `event: projection` without an id tells how far one is that is being made',
      parameters: [
        parameter('header', 'Last-Event-ID', { type: 'string', pattern: '^\\d+$' }, 'Resume after this position'),
      ],
      responses: {
        200: text('The stream', 'text/event-stream'),
        ...problems('malformed', 'sign-in-required', 'unavailable'),
      },
    },
  },
  '/health/live': {
    get: {
      ...open,
      tags: ['operations'],
      summary: 'The process runs',
      responses: { 200: json('It does', { type: 'object' }) },
    },
  },
  '/health/ready': {
    get: {
      ...open,
      tags: ['operations'],
      summary: 'The log and the views answer; which view is behind',
      responses: { 200: json('Ready', { type: 'object' }), 503: json('Not ready', { type: 'object' }) },
    },
  },
  '/metrics': {
    get: {
      tags: ['operations'],
      summary: 'Prometheus metrics; without a token only from loopback',
      responses: { 200: text('Metrics', 'text/plain') },
    },
  },
};
