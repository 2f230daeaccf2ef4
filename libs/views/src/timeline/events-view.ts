import { type EventLogReader, type RecordedEvent, toJson } from '#event-log';
import type { JsonSchema, Parsed } from '#kernel';
import { BadCursor, type ListAnswer, type LogViewDefinition, type ViewParameter, type ViewQuery } from '../view.js';
import type { EventCount } from './event-counts.js';

const beforeAll = -1;

function parsePosition(input: string): Parsed<number> {
  const value = /^\d{1,16}$/.test(input) ? Number(input) : Number.NaN;
  return Number.isSafeInteger(value) ? { value } : { problem: 'must be a position: a decimal number from 0' };
}

const position = (description: string): ViewParameter => ({
  schema: { type: 'string', pattern: String.raw`^\d{1,16}$` },
  description,
  parse: parsePosition,
});

const text = { type: 'string' } as const;
const recordedEvent: JsonSchema = {
  type: 'object',
  properties: {
    id: { ...text, format: 'uuid' },
    type: text,
    schemaVersion: { type: 'integer' },
    stream: text,
    revision: text,
    position: text,
    recordedAt: { ...text, format: 'date-time' },
    data: { type: 'object' },
    meta: { type: 'object' },
  },
  required: ['id', 'type', 'schemaVersion', 'stream', 'revision', 'position', 'recordedAt', 'data', 'meta'],
};

export const eventsView: LogViewDefinition = {
  source: 'log',
  path: '/api/events',
  summary: 'Recorded events, whole, in the order of the log',
  kind: 'list',
  parameters: { after: position('The events after this position, which is not waited for; absent: from the first.') },
  roles: ['auditor'],
  item: recordedEvent,
  run: eventsAnswer,
};

export const eventView: LogViewDefinition = {
  source: 'log',
  path: '/api/events/:position',
  summary: 'One recorded event, whole',
  kind: 'one',
  parameters: { position: position('Its position.') },
  roles: ['auditor'],
  item: recordedEvent,
  unknown: (id) => `there is no event at position ${id}`,
  run: async (log, { at, input }) => {
    const wanted = Number(input['position']);
    if (wanted > at) return undefined;
    for await (const [first] of log.readAll(BigInt(wanted) - 1n))
      return first?.position === BigInt(wanted) ? toJson(first) : undefined;
    return undefined;
  },
};

type CountAt = (position: number) => Promise<EventCount>;

async function eventsAnswer(log: EventLogReader, query: ViewQuery, countAt: CountAt): Promise<ListAnswer> {
  const { at, cursor, limit } = query;
  const asked = (query.input['after'] as number | undefined) ?? beforeAll;
  const after = cursor === undefined ? asked : readCursor(cursor);
  const events: RecordedEvent[] = [];
  for await (const event of eventsBetween(log, after, at)) {
    events.push(event);
    if (events.length > limit) break;
  }
  const shown = events.slice(0, limit);
  const last = shown.at(-1);
  const total = asked >= at ? 0 : (await countUpTo(log, at, countAt)) - (await countUpTo(log, asked, countAt));
  return {
    items: shown.map(toJson),
    next: last && events.length > shown.length ? writeCursor(Number(last.position)) : null,
    total,
  };
}

/** Exact: the nearest count that is known, and the events after it one by one. */
async function countUpTo(log: EventLogReader, position: number, countAt: CountAt): Promise<number> {
  if (position < 0) return 0;
  const known = await countAt(position);
  let { events } = known;
  for await (const _ of eventsBetween(log, known.position, position)) events += 1;
  return events;
}

async function* eventsBetween(log: EventLogReader, after: number, through: number): AsyncGenerator<RecordedEvent> {
  if (after >= through) return;
  for await (const page of log.readAll(BigInt(after)))
    for (const event of page) {
      if (event.position > BigInt(through)) return;
      yield event;
    }
}

function writeCursor(after: number): string {
  return Buffer.from(`events ${after}`).toString('base64url');
}

function readCursor(cursor: string): number {
  const [, after = ''] = /^events (\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const parsed = parsePosition(after);
  if (parsed.problem !== undefined) throw new BadCursor('cursor must be the next of an earlier page of this list');
  return parsed.value;
}
