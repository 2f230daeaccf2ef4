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
export { csvMediaTypes, type FailedFile, RunService, type RunServiceOptions, type Upload } from './run-service.js';
export { partSuffix, unfinishedSuffix } from './run-files.js';
export type { ReadRow, Row, RowReader, RowStep, RunKind } from './run-kind.js';
export type { RegisteredPools } from './home-pool.js';
export { UserImport } from './user-import.js';
