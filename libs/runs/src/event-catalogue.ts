import type { EventCatalogue } from '#kernel';
import { claimEvents } from './claim.js';
import { fileEvents } from './file-in-log.js';
import { runEvents } from './run.js';

/** Of runs, of who works on them, and of their files. */
export const eventsOfRuns: EventCatalogue = { ...runEvents, ...claimEvents, ...fileEvents };
