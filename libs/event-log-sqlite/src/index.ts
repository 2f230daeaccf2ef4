export { copySqliteLog, type CopyOptions, type VerifiedLog, verifySqliteLog } from './backup.js';
export { ProcessLock } from './process-lock.js';
export { openSqliteImport, type SqliteImport } from './sqlite-import.js';
export { openSqliteLogReader, type SqliteLogReaderOptions } from './sqlite-log-reader.js';
export { type CommittedBatch, openSqliteLog, type SqliteLog, type SqliteLogOptions } from './sqlite-log.js';
