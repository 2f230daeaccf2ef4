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
 * The projections, thread by thread. The timeline's search index is as much work as the estate, so beside a log in a file each has a thread:
 * its batches are small, and 6 MiB are as fast as twice as much. To read an event from KurrentDB is as much work again, for the server
 * too: there one thread has all projections, and another one reads ahead for it; what waits between them outlives a small young generation.
 */
export function projectionThreads(
  catalogue: EventCatalogue,
  { engine }: Pick<LogSource, 'engine'>,
): Pick<ThreadsOptions, 'threads' | 'heap'> {
  const timeline = timelineProjection(catalogue);
  return engine === 'kurrentdb'
    ? { threads: [[...estateProjections, timeline]], heap: { young: 48, old: 192 } }
    : { threads: [estateProjections, [timeline]], heap: { young: 6, old: 96 } };
}

/** What the reading thread answers. */
export const storedViews: readonly ViewDefinition[] = [...estateViews, timelineView];

/** Beside them, for the server itself. */
export const innerViews: readonly ViewDefinition[] = [eventCounts, runsUnderWay, sipAddresses];

/** What is read from the log itself. */
export const logViews: readonly LogViewDefinition[] = [eventsView, eventView];
