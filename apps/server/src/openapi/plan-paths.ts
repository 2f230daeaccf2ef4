import { BaseCommand, fieldsOf } from '#kernel';
import { userFilters } from '../plans/users-passing.js';
import { type ExtraPaths, parameter, problems } from './document.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const counts = {
  type: 'object',
  properties: { done: count, unchanged: count, refused: count, invalid: count },
};
const hash = { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Says that what was seen is what is applied' };
const made = {
  type: 'object',
  properties: {
    plan: { type: 'string', format: 'uuid' },
    hash,
    position: { type: 'string', description: 'The end of the log before anything was read for it' },
    kind: { type: 'string', description: 'Of the run that will apply it' },
    counts,
    reasons: { type: 'array', items: { type: 'object', properties: { rule: text, count } } },
    events: { type: 'object', additionalProperties: count, description: 'What would be recorded, by type' },
    by: { type: 'object', properties: { id: text, name: text } },
    expiresAt: { type: 'string', format: 'date-time' },
  },
};
const planned = {
  201: {
    description: 'The plan; Log-Position says from where on its views know it',
    content: { 'application/json': { schema: made } },
    headers: { Location: { schema: text, description: '/api/plans/{plan}' } },
  },
};
const planOfPath = { ...parameter('path', 'plan', { type: 'string', format: 'uuid' }, 'The plan'), required: true };
const json = (schema: object, example: object): object => ({
  required: true,
  content: { 'application/json': { schema, example } },
});
const askingProblems = problems(
  'malformed',
  'sign-in-required',
  'forbidden',
  'too-large',
  'unsupported-media-type',
  'view-behind',
  'unavailable',
);

const words = Object.fromEntries(
  fieldsOf(BaseCommand).map(({ name, schema, description }) => [name, { ...schema, description }]),
);

/** Plans of commands for many users, and what is done with plans. */
export const planPaths: ExtraPaths = {
  '/api/plans': {
    post: {
      tags: ['plans'],
      summary: 'Plan a command for each of the users that pass a filter',
      description:
        'Takes the role of the command. Every row is decided as a run would decide it, after the rows before it, and nothing of it is recorded but the plan.',
      requestBody: json(
        {
          type: 'object',
          required: ['command', 'for'],
          additionalProperties: false,
          properties: {
            command: { type: 'string', description: 'A command for a user, such as HomeUser' },
            fields: { type: 'object', description: 'Its fields but the user' },
            for: {
              type: 'object',
              required: ['users'],
              additionalProperties: false,
              properties: {
                users: {
                  type: 'object',
                  additionalProperties: false,
                  properties: Object.fromEntries(
                    Object.entries(userFilters()).map(([name, { schema, description }]) => [
                      name,
                      { ...schema, description },
                    ]),
                  ),
                  description: 'The filters of /api/users; none is everybody',
                },
              },
            },
          },
        },
        {
          command: 'HomeUser',
          fields: { pool: 'pool13-tacoma.contoso.com', ticket: 'CHG-1042' },
          for: { users: { generation: 'lync-2010' } },
        },
      ),
      responses: { ...planned, ...askingProblems },
    },
  },
  '/api/plans/{plan}/fresh': {
    post: {
      tags: ['plans'],
      summary: 'Plan the same on what holds by now',
      description:
        'For the users that pass the filter by now, or for the rows of the file, which need not be sent again. What a 409 of `apply` offers.',
      parameters: [planOfPath],
      responses: { ...planned, ...askingProblems, ...problems('not-found') },
    },
  },
  '/api/plans/{plan}/apply': {
    post: {
      tags: ['plans'],
      summary: 'Do what was planned as a run, if nothing that it rests on has moved',
      description:
        'Takes the role of what is planned. 409 `stale-plan` names what has moved; 409 `plan-closed` is a plan that was applied before, has expired or has another hash. ' +
        'What moves once the run has begun is told there: such a row is refused with `plan.moved`.',
      parameters: [
        planOfPath,
        parameter(
          'header',
          'Idempotency-Key',
          { type: 'string', minLength: 1, maxLength: 128 },
          'The same key with the same plan and body is answered with the same run',
        ),
      ],
      requestBody: json(
        {
          type: 'object',
          required: ['hash'],
          additionalProperties: false,
          properties: { hash, ...words },
        },
        { hash: 'e24137b0e48e0713357a0323fd327b5d70973b0aca3a50ae35cb30ba24bcefeb', ticket: 'CHG-1042' },
      ),
      responses: {
        202: {
          description: 'The run of the rows that were planned as done',
          content: { 'application/json': { schema: { type: 'object' } } },
          headers: { Location: { schema: text, description: '/api/runs/{run}' } },
        },
        ...askingProblems,
        ...problems('not-found', 'stale-plan', 'plan-closed', 'key-reused'),
      },
    },
  },
  '/api/plans/{plan}/script': {
    get: {
      tags: ['plans'],
      summary: 'What a plan does, as a PowerShell script',
      description:
        "Microsoft's own cmdlets in the order in which they have to be run. It only tells what it would do (-WhatIf) until it is run with -Apply.",
      parameters: [planOfPath],
      responses: {
        200: { description: 'The script', content: { 'text/plain': { schema: text } } },
        ...problems('malformed', 'sign-in-required', 'not-found', 'view-behind'),
      },
    },
  },
};

/** Files that are planned before they are run: sent as they would be sent to be run. */
export function plannedFilePaths(paths: ExtraPaths): ExtraPaths {
  return Object.fromEntries(
    Object.entries(paths)
      .filter(([path]) => /^\/api\/(imports|bulk)\//.test(path))
      .map(([path, { post }]) => {
        const { summary, description, parameters, requestBody } = post ?? {};
        const given = (parameters as readonly { readonly name: string }[]).filter(
          ({ name }) => name !== 'Idempotency-Key',
        );
        const operation = {
          tags: ['plans'],
          summary: `Plan it first: ${String(summary).charAt(0).toLowerCase()}${String(summary).slice(1)}`,
          description,
          parameters: given,
          requestBody,
          responses: { ...planned, ...askingProblems, ...problems('not-found') },
        };
        return [path.replace('/api/', '/api/plans/'), { post: operation }];
      }),
  );
}
