export * from './errors.js';
export {
  noRows,
  type RowCounts,
  type RowOutcome,
  type RunEvent,
  runEvents,
  type FailedRow,
  type Segment,
} from './run.js';
export { bulkKind } from './bulk.js';
export {
  csvMediaTypes,
  type FailedFile,
  jsonLinesMediaType,
  RunService,
  type RunServiceOptions,
  type Upload,
} from './run-service.js';
export { readThrough } from './read-through.js';
export { type FileForm, type FileFormat, type RowScanner, rowScanner } from './row-scanner.js';
export type { Sender, Words } from './row-meta.js';
export { partSuffix, unfinishedSuffix } from './run-files.js';
export type { ReadRow, Row, RowReader, RowStep, RunKind, RunParameters } from './run-kind.js';
export type { RegisteredPools } from './home-pool.js';
export { UserImport } from './user-import.js';
