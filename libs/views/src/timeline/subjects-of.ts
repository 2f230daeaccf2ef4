import type { RecordedEvent } from '#event-log';
import { upcast } from '#event-log';
import type { EventCatalogue, Subject } from '#kernel';
import { describe } from './compose-item.js';

/** What an event is about, most specific first; nothing for bookkeeping. */
export function subjectsOf(event: RecordedEvent, catalogue: EventCatalogue): readonly Subject[] {
  const { internal, subjects } = describe(catalogue, event.type);
  return internal ? [] : subjects(upcast(catalogue, event));
}
