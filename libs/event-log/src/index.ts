export { assertAppend, recordBytesMax } from './append-rules.js';
export * from './command-shell.js';
export * from './event-log.js';
export { KeyedQueue, QueueFull } from './keyed-queue.js';
export { keyStream, shellEvents } from './own-events.js';
export { type Pending, type RestsOn, UnitOfWork } from './unit-of-work.js';
export { parseProven, parseStored, storedText, toJson, upcast } from './stored-event.js';
