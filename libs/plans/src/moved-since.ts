import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import { type EventLogReader, type Position, type RecordedEvent, type Revision, upcast } from '#event-log';
import type { Moved } from './errors.js';

/** Streams by name, with the revision at which each was read; null where it had no event. */
export type Readings = ReadonlyMap<string, Revision | null>;

const namedMax = 100;
/** So few streams are asked one by one; for more it is less to read what was recorded since. */
const askedMax = 1000;
const askedAtOnce = 32;

/** Which of these streams have an event that their reading had not seen. `position`: of the log before the first of them was read. */
export async function movedSince(
  log: EventLogReader,
  catalogue: EventCatalogue,
  position: Position,
  readings: Readings,
): Promise<Moved> {
  const moved = new Map<string, string>();
  const events = readings.size <= askedMax ? newest(log, readings) : recordedSince(log, position, readings);
  for await (const event of events) moved.set(event.stream, subjectOf(catalogue, event));
  return { count: moved.size, subjects: [...moved.values()].slice(0, namedMax) };
}

/** The first event of each stream that its reading had not seen. */
async function* newest(log: EventLogReader, readings: Readings): AsyncGenerator<RecordedEvent> {
  const all = [...readings];
  for (let at = 0; at < all.length; at += askedAtOnce) {
    const asked = all.slice(at, at + askedAtOnce).map(([stream, read]) => firstAfter(log, stream, read));
    for (const event of await Promise.all(asked)) if (event) yield event;
    await nextTurn();
  }
}

async function firstAfter(
  log: EventLogReader,
  stream: string,
  read: Revision | null,
): Promise<RecordedEvent | undefined> {
  for await (const [event] of log.readStream(stream, (read ?? -1n) + 1n)) return event;
  return undefined;
}

async function* recordedSince(
  log: EventLogReader,
  position: Position,
  readings: Readings,
): AsyncGenerator<RecordedEvent> {
  for await (const page of log.readAll(position))
    for (const event of page) {
      const read = readings.get(event.stream);
      if (read !== undefined && event.revision > (read ?? -1n)) yield event;
    }
}

/** What an event is about, most specific first; the stream where it is about nothing that has a name. */
function subjectOf(catalogue: EventCatalogue, event: RecordedEvent): string {
  return catalogue[event.type]?.subjects(upcast(catalogue, event))[0] ?? event.stream;
}
