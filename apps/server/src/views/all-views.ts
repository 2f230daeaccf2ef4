import {
  estateProjections,
  estateViews,
  eventCounts,
  eventsView,
  eventView,
  type LogViewDefinition,
  runsUnderWay,
  sipAddresses,
  type ThreadsOptions,
  timelineProjection,
  timelineView,
  type ViewDefinition,
} from '#views';
import type { EventCatalogue } from '#kernel';
import type { LogSource } from '../log/log-source.js';

/**
 * The projections, thread by thread. The timeline's search index is as much work as the estate, so beside a log in a file each has a thread. To
 * read an event from KurrentDB is as much work again, for the server too: there one thread reads it for all, with
 * room for what its client makes of a page.
 */
export function projectionThreads(
  catalogue: EventCatalogue,
  { engine }: Pick<LogSource, 'engine'>,
): Pick<ThreadsOptions, 'threads' | 'youngGenerationMb'> {
  const timeline = timelineProjection(catalogue);
  return engine === 'kurrentdb'
    ? { threads: [[...estateProjections, timeline]], youngGenerationMb: 24 }
    : { threads: [estateProjections, [timeline]], youngGenerationMb: 6 };
}

/** What the reading thread answers. */
export const storedViews: readonly ViewDefinition[] = [...estateViews, timelineView];

/** Beside them, for the server itself. */
export const innerViews: readonly ViewDefinition[] = [eventCounts, runsUnderWay, sipAddresses];

/** What is read from the log itself. */
export const logViews: readonly LogViewDefinition[] = [eventsView, eventView];
