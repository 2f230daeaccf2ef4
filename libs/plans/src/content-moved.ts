import { type EventCatalogue, foldCase } from '#kernel';
import { type EventLogReader, type RecordedEvent, type Revision, upcast } from '#event-log';
import type { PlannedRow } from './planned-rows.js';

/** Subjects that were changed, by how they are compared. */
export type Changed = Map<string, string>;

type Told = Pick<PlannedRow, 'subject' | 'events'>;

/** All content of a deployment stands in one stream: that it has moved says nothing yet about what a row rests on. */
export function isContent(stream: string): boolean {
  return stream.startsWith('content-');
}

/** The subject whose stream it is. */
export function ofStream(stream: string): string {
  return stream.replace(/^content-/, 'deployment-').replace('-', ':');
}

/** Notes what an event in a stream of content has changed: a category, a room or an add-in; the deployment where it is more than one. */
export function noteChange(changed: Changed, catalogue: EventCatalogue, event: RecordedEvent): void {
  const [first = ''] = catalogue[event.type]?.subjects(upcast(catalogue, event)) ?? [];
  const subject = /^(category|room|add-in):/.test(first) ? first : ofStream(event.stream);
  changed.set(foldCase(subject), subject);
}

/** What was changed in streams of content after the revisions at which they were read. */
export async function changesAfter(
  log: EventLogReader,
  catalogue: EventCatalogue,
  readings: Iterable<readonly [stream: string, read: Revision | null]>,
): Promise<Changed> {
  const changed: Changed = new Map();
  for (const [stream, read] of readings)
    for await (const page of log.readStream(stream, (read ?? -1n) + 1n))
      for (const event of page) noteChange(changed, catalogue, event);
  return changed;
}

/** Which of the changes are of what a row is about: it is no longer what was looked at, even where the same would be recorded. */
export function touching(catalogue: EventCatalogue, { subject, events = [] }: Told, changed: Changed): string[] {
  return among([subject, ...events.map(({ type, data }) => catalogue[type]?.subjects(data)[0])], changed);
}

/** Which of them are of anything that a row names. */
export function named(catalogue: EventCatalogue, { subject, events = [] }: Told, changed: Changed): string[] {
  return among([subject, ...events.flatMap(({ type, data }) => catalogue[type]?.subjects(data) ?? [])], changed);
}

function among(subjects: readonly (string | undefined)[], changed: Changed): string[] {
  const found = subjects.map((each) => (each === undefined ? undefined : changed.get(foldCase(each))));
  return [...new Set(found.filter((each) => each !== undefined))];
}
