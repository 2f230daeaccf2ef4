export * from './errors.js';
export {
  noRows,
  type RowCounts,
  type RowOutcome,
  type RunEvent,
  type RunStarted,
  type FailedRow,
  type Segment,
} from './run.js';
export { eventsOfRuns as runEvents } from './event-catalogue.js';
export { SignsOfLife } from './signs-of-life.js';
export { type ClaimPace, claimPace } from './run-claims.js';
export { type AskedRow, askRow, Door, readAhead } from './ask-row.js';
export { bulkKind } from './bulk.js';
export { type FailedFile, RunService } from './run-service.js';
export type { PlansOfRuns, RunServiceOptions, RunSharing } from './run-options.js';
export {
  type AppliedPlan,
  assertPromised,
  csvMediaTypes,
  fileBytesMax,
  formOf,
  jsonLinesMediaType,
  type Upload,
} from './upload.js';
export { orNoRoom } from './no-room.js';
export { sameName } from './csv-file.js';
export { csvHead, csvLine, encoded } from './csv-text.js';
export { type LeftOut, type ReturnedRow, toldOf } from './failed-file.js';
export { linesIn } from './file-text.js';
export { readThrough } from './read-through.js';
export { type ReceivedFile, receiveFile } from './receive-file.js';
export { type FileForm, type FileFormat, type RowScanner, rowScanner } from './row-scanner.js';
export { RowMeta, type Sender, type Words } from './row-meta.js';
export { runActions, type RunActionName } from './run-actions.js';
export type { Trouble } from './runner.js';
export type { KnownRun } from './run.js';
export { partSuffix, RunFiles, unfinishedSuffix } from './run-files.js';
export type { ReadRow, Row, RowGuard, RowReader, RowStep, RunKind, RunParameters } from './run-kind.js';
export type { RegisteredPools } from './home-pool.js';
export { ContentImport } from './content-import.js';
export { UserImport } from './user-import.js';
