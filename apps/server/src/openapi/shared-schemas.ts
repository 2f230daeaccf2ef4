import type { JsonSchema } from '#kernel';

const position = {
  type: ['string', 'null'],
  pattern: '^\\d+$',
  description: 'Place in the log; null in a plan or where nothing was recorded',
};

/** What every answer may carry besides its body. */
export const commonHeaders = {
  'X-Correlation-Id': { schema: { type: 'string' }, description: 'Taken over or made' },
  'Log-Position': { schema: { type: 'string' }, description: 'The position in the log that the answer is for' },
};

export const sharedSchemas: Readonly<Record<string, JsonSchema>> = {
  CommandAnswer: {
    type: 'object',
    required: ['outcome', 'position', 'events'],
    properties: {
      outcome: {
        type: 'string',
        enum: ['done', 'unchanged', 'refused'],
        description: '`refused` only in a plan; otherwise a refusal is a 422',
      },
      plan: {
        type: 'boolean',
        const: true,
        description: 'There only where nothing was recorded because ?plan=true asked first',
      },
      position,
      events: { type: 'array', items: { $ref: '#/components/schemas/AnsweredEvent' } },
      refusals: { type: 'array', items: { $ref: '#/components/schemas/Refusal' } },
    },
  },
  AnsweredEvent: {
    type: 'object',
    required: ['id', 'type', 'stream', 'revision', 'position', 'recordedAt', 'data'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      type: { type: 'string', examples: ['UserHomed'] },
      stream: { type: 'string' },
      revision: position,
      position,
      recordedAt: { type: ['string', 'null'], format: 'date-time' },
      data: { type: 'object' },
    },
  },
  Refusal: {
    type: 'object',
    required: ['rule', 'detail'],
    properties: { rule: { type: 'string', examples: ['homing.pool-sealed'] }, detail: { type: 'string' } },
    additionalProperties: true,
  },
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'instance'],
    properties: {
      type: { type: 'string', format: 'uri-reference', examples: ['/problems/refused'] },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      instance: { type: 'string', format: 'uri-reference' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['field', 'message'],
          properties: { field: { type: 'string' }, message: { type: 'string' } },
        },
      },
      refusals: { type: 'array', items: { $ref: '#/components/schemas/Refusal' } },
    },
  },
};
