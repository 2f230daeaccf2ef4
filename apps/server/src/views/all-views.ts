import {
  estateProjections,
  estateViews,
  eventCounts,
  eventsView,
  eventView,
  type LogViewDefinition,
  type Projection,
  runsUnderWay,
  sipAddresses,
  timelineProjection,
  timelineView,
  type ViewDefinition,
} from '#views';
import type { EventCatalogue } from '#kernel';

/** The projections, thread by thread: the estate's tell `/api/live` what changed, the timeline's search index is as much work again. */
export function projectionThreads(catalogue: EventCatalogue): readonly (readonly Projection[])[] {
  return [estateProjections, [timelineProjection(catalogue)]];
}

/** What the reading thread answers. */
export const storedViews: readonly ViewDefinition[] = [...estateViews, timelineView];

/** Beside them, for the server itself. */
export const innerViews: readonly ViewDefinition[] = [eventCounts, runsUnderWay, sipAddresses];

/** What is read from the log itself. */
export const logViews: readonly LogViewDefinition[] = [eventsView, eventView];
