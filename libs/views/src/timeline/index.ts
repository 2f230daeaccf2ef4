export { eventCounts, type EventCount } from './event-counts.js';
export { eventsView, eventView } from './events-view.js';
export { subjectsOf } from './subjects-of.js';
export { timelineProjection } from './timeline-projection.js';
export { timelineView } from './timeline-view.js';
