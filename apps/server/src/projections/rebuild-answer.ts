import type { Failure, RebuildStatus, TableVerdict } from '#views';

/** Of a rebuild or comparison of one projection, as the API shows it. */
export function rebuildAnswer(status: RebuildStatus): object {
  const { projection, purpose, state, startedAt, finishedAt, by, progress, failure, error, verdict } = status;
  return {
    projection,
    compare: purpose === 'compare',
    state,
    startedAt,
    finishedAt,
    by,
    progress: finishedAt === null ? progress : null,
    failure: failure ? failureAnswer(failure) : null,
    error: error ?? null,
    verdict: verdict
      ? {
          position: `${verdict.position}`,
          same: verdict.same,
          tables: verdict.tables satisfies readonly TableVerdict[],
        }
      : null,
  };
}

export function failureAnswer({ position, type, error }: Failure): object {
  return { position: `${position}`, type, error };
}

const text = { type: 'string' };
const orNull = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] });
const pair = (schema: object): object => ({
  type: 'object',
  required: ['old', 'new'],
  properties: { old: schema, new: schema },
});
const row = { type: 'object', additionalProperties: { type: ['string', 'number', 'null'] } };

export const progressSchema = {
  type: 'object',
  required: ['done', 'total', 'ratePerSecond', 'etaSeconds'],
  properties: {
    done: { type: 'integer', description: 'Events' },
    total: { type: 'integer' },
    ratePerSecond: { type: 'integer' },
    etaSeconds: {
      type: ['number', 'null'],
      description: 'Null where nothing moved lately, or rows are being compared',
    },
  },
};

export const failureSchema = {
  type: 'object',
  required: ['position', 'type', 'error'],
  properties: { position: text, type: text, error: text },
};

export const rebuildSchema = {
  type: 'object',
  required: [
    'projection',
    'compare',
    'state',
    'startedAt',
    'finishedAt',
    'by',
    'progress',
    'failure',
    'error',
    'verdict',
  ],
  properties: {
    projection: text,
    compare: { type: 'boolean', description: 'It ends with a verdict and changes nothing' },
    state: { type: 'string', enum: ['running', 'done', 'cancelled', 'failed'] },
    startedAt: { type: 'string', format: 'date-time' },
    finishedAt: { type: ['string', 'null'], format: 'date-time' },
    by: orNull({ type: 'object', properties: { id: text, name: text }, description: 'Null: the server itself' }),
    progress: orNull(progressSchema),
    failure: orNull({ ...failureSchema, description: 'The event that the new read model could not take' }),
    error: { type: ['string', 'null'] },
    verdict: orNull({
      type: 'object',
      required: ['position', 'same', 'tables'],
      properties: {
        position: { ...text, description: 'Of both when they were compared' },
        same: { type: 'boolean' },
        tables: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              table: text,
              same: { type: 'boolean' },
              rows: pair({ type: 'integer' }),
              digest: pair({ ...text, description: 'SHA-256 of all rows in the order of the primary key' }),
              differing: { type: 'integer', description: 'Rows that differ, are missing or are too many' },
              first: {
                type: 'array',
                maxItems: 10,
                items: { type: 'object', properties: { key: row, old: orNull(row), new: orNull(row) } },
              },
            },
          },
        },
      },
    }),
  },
};
