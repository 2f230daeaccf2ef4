export { findingEvents, migrationEvents } from './event-catalogue.js';
export * from './events.js';
