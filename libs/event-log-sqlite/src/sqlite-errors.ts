import { LogUnavailable } from '#event-log';

const retryAfterSeconds = 10;

export function codeOf(error: unknown): string {
  return propertyOf(error, 'code') ?? '';
}

export function messageOf(error: unknown): string {
  return propertyOf(error, 'message') ?? String(error);
}

/** Not by `instanceof`: the driver makes its errors in the realm that loaded it first. */
function propertyOf(error: unknown, name: 'code' | 'message'): string | undefined {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error));
}

/** What was stored can't be read back as it was written. */
export function corrupt(file: string, where: string, what: string, cause?: unknown): LogUnavailable {
  return new LogUnavailable(`the event log is corrupt ${where}: ${what}; restore ${file} from a backup`, null, {
    cause,
  });
}

export function closed(): LogUnavailable {
  return new LogUnavailable('the event log is closed', null);
}

/** Why nothing could be written, for a person. */
export function notWritten(file: string, error: unknown): LogUnavailable {
  if (codeOf(error) === 'SQLITE_FULL')
    return new LogUnavailable(`nothing was written: no space left for ${file}`, retryAfterSeconds, { cause: error });
  if (isDamage(error)) return corrupt(file, 'where it was to be written', messageOf(error), error);
  return new LogUnavailable(`nothing was written: ${file}: ${messageOf(error)}`, retryAfterSeconds, { cause: error });
}

/** The disk did not confirm what was written to it. */
export function notFlushed(file: string, error: unknown): LogUnavailable {
  return new LogUnavailable(
    `the disk did not confirm what was written to ${file}: ${messageOf(error)}; see to the disk, then start again`,
    null,
    { cause: error, mayBeRecorded: true },
  );
}

/** Why nothing is written after that. */
export function brokenBy({ message }: LogUnavailable): LogUnavailable {
  return new LogUnavailable(`nothing was written: ${message}`, null);
}
