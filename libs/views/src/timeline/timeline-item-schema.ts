import type { JsonSchema } from '#kernel';
import { outcomes } from './stored-item.js';

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const texts = { type: 'array', items: text } as const;

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties) };
}

export const timelineItemSchema: JsonSchema = object({
  position: { ...text, description: 'the last of its events' },
  at: { ...text, format: 'date-time' },
  actor: object({ id: text, name: text, via: { ...text, enum: ['api', 'console', 'system'] } }),
  command: textOrNull,
  outcome: { ...text, enum: outcomes },
  subjects: { ...texts, description: 'what it was about, as <kind>:<id>' },
  summary: text,
  changes: {
    type: 'array',
    items: object({
      subject: text,
      field: text,
      before: { description: 'null where there was nothing' },
      after: { description: 'null where there is nothing any more' },
    }),
  },
  more: {
    ...object({ subjects: { type: 'integer' }, changes: { type: 'integer' } }),
    type: ['object', 'null'],
    description:
      'How many subjects and changes there are beyond the first 100, which are shown; the events tell them all, and filters find them',
  },
  reason: textOrNull,
  ticket: textOrNull,
  refusals: {
    type: 'array',
    items: { ...object({ rule: text, detail: text }), additionalProperties: true },
  },
  correlationId: text,
  causationId: text,
  run: { ...textOrNull, description: 'the run that it is, or whose row it is' },
  events: { ...texts, description: 'positions' },
});
