export { type Reconnection } from './client-slot.js';
export { isKurrentConnection } from './connection.js';
export { type KurrentImport, openKurrentImport } from './kurrent-import.js';
export {
  type KurrentLog,
  type KurrentLogOptions,
  type KurrentLogReaderOptions,
  openKurrentLog,
  openKurrentLogReader,
} from './kurrent-log.js';
