import type { EventCatalogue } from '#kernel';
import type { NewRecord, Position, RecordedEvent, Revision } from './event-log.js';

/** The stored bytes of an event: canonical JSON of everything but its position, which is the engine's own. */
export function storedText(record: NewRecord, revision: Revision, recordedAt: string): string {
  // Members in the order of RFC 8785 (UTF-16 code units of the names); data and meta are canonical already.
  return `{"data":${record.data},"id":${JSON.stringify(record.id)},"meta":${record.meta},"recordedAt":"${recordedAt}","revision":"${revision}","schemaVersion":${record.schemaVersion},"stream":${JSON.stringify(record.stream)},"type":${JSON.stringify(record.type)}}`;
}

/** Reads stored bytes back. Throws a SyntaxError where they are no JSON. */
export function parseStored(text: string, position: Position): RecordedEvent {
  const stored = JSON.parse(text) as Omit<RecordedEvent, 'position' | 'revision' | 'text'> & { revision: string };
  return { ...stored, revision: BigInt(stored.revision), position, text };
}

/** The event's data in the shape of today. Throws for a type or a shape that no catalogue knows. */
export function upcast(catalogue: EventCatalogue, event: RecordedEvent): Readonly<Record<string, unknown>> {
  const descriptor = Object.hasOwn(catalogue, event.type) ? catalogue[event.type] : undefined;
  if (!descriptor) throw new Error(`event ${event.position} has the unknown type ${event.type}`);
  if (event.schemaVersion === descriptor.schemaVersion) return event.data;
  let data: Record<string, unknown> = event.data;
  for (let version = event.schemaVersion; version < descriptor.schemaVersion; version++) {
    const step = descriptor.upcast?.[version];
    if (!step) throw new Error(`event ${event.position}: no upcaster for shape ${version} of ${event.type}`);
    data = step(data);
  }
  if (event.schemaVersion > descriptor.schemaVersion)
    throw new Error(
      `event ${event.position}: shape ${event.schemaVersion} of ${event.type} is newer than this program`,
    );
  return data;
}

/** The event as the API shows it (`contract.md` §4). */
export function toJson(event: RecordedEvent): Readonly<Record<string, unknown>> {
  const { id, type, schemaVersion, stream, revision, position, recordedAt, data, meta } = event;
  return { id, type, schemaVersion, stream, revision: `${revision}`, position: `${position}`, recordedAt, data, meta };
}
