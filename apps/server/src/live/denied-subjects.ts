import type { EventCatalogue } from '#kernel';
import type { LiveMessage } from './live-stream.js';

/** No subject begins like this. */
const mark = '\0denied ';
const deniedTypes = ['CommandDenied', 'SignInRefused'] as const;

/** The catalogue by which the live stream names subjects: those of denied attempts are marked, for they are for auditors alone. */
export function markingDenied(catalogue: EventCatalogue): EventCatalogue {
  const marked = deniedTypes.map((type) => {
    const descriptor = catalogue[type];
    if (!descriptor) throw new Error(`the catalogue lacks ${type}`);
    return [
      type,
      { ...descriptor, subjects: (data: object) => descriptor.subjects(data).map((subject) => mark + subject) },
    ] as const;
  });
  return { ...catalogue, ...Object.fromEntries(marked) };
}

/** What may be told: to others than auditors that something happened, but not to whom it was denied what. */
export function shownTo(isAuditor: boolean, { position, subjects }: LiveMessage): LiveMessage {
  if (!subjects.some((subject) => subject.startsWith(mark))) return { position, subjects };
  const open = subjects.filter((subject) => !subject.startsWith(mark));
  const denied = isAuditor
    ? subjects.filter((subject) => subject.startsWith(mark)).map((subject) => subject.slice(mark.length))
    : [];
  return { position, subjects: [...new Set([...open, ...denied])] };
}
