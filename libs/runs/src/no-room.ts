import { LogUnavailable } from '#event-log';

/** What to throw where a file cannot be stored: a full disk is told as a time in which nothing can be taken. */
export function orNoRoom(error: unknown): unknown {
  return hasNoRoom(error)
    ? new LogUnavailable('the data folder has no room for the file', 60, { cause: error })
    : error;
}

function hasNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
