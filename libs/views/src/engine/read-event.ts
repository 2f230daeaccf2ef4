import type { EventCatalogue } from '#kernel';
import { type RecordedEvent, upcast } from '#event-log';
import type { BatchEvent } from './read-model.js';

/** An event for the projections; where it cannot be read, those that would read it stop there. */
export function readEvent(catalogue: EventCatalogue, event: RecordedEvent): BatchEvent {
  const position = Number(event.position);
  try {
    return { event, data: upcast(catalogue, event), position };
  } catch (error) {
    return { event, data: event.data, position, unreadable: error as Error };
  }
}
