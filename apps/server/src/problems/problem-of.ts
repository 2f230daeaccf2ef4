import type { LogUnavailable } from '#event-log';
import type { PlanClosed, PlanStale, TooManyPlans } from '#plans';
import type { BadFile, TooManyRuns } from '#runs';
import type { FutureMoment, WrongMoment } from '#views';
import { malformed, Problem } from './problem.js';

/** What errors of the libraries below mean to a client, by the error's name. */
const byName: Readonly<Record<string, (error: Error) => Problem>> = {
  KeyReused: (error) => new Problem('key-reused', error.message),
  RetriesExhausted: (error) => new Problem('contended', error.message),
  QueueFull: (error) => new Problem('unavailable', error.message, { retryAfterSeconds: 1, cause: error }),
  LogUnavailable: (error) =>
    new Problem('unavailable', unavailableLog(error as LogUnavailable), {
      retryAfterSeconds: (error as LogUnavailable).retryAfterSeconds ?? 30,
      cause: error,
    }),
  NotReached: (error) => new Problem('view-behind', error.message, { retryAfterSeconds: 1 }),
  ViewNotMade: (error) => new Problem('view-behind', error.message, { retryAfterSeconds: 2 }),
  RebuildRunning: (error) => new Problem('conflict', error.message),
  CannotCancel: (error) => new Problem('conflict', error.message),
  ViewsBusy: (error) => new Problem('unavailable', error.message, { retryAfterSeconds: 1 }),
  FutureMoment: (error) => malformed({ field: (error as FutureMoment).field, message: error.message }),
  // One that comes from the views' own thread has lost its field.
  WrongMoment: (error) => malformed({ field: (error as Partial<WrongMoment>).field ?? 'from', message: error.message }),
  BadCursor: (error) => malformed({ field: 'cursor', message: error.message }),
  BadFile: (error) => malformed(...(error as BadFile).errors),
  FileTooLarge: (error) => new Problem('too-large', error.message),
  WrongMediaType: (error) => new Problem('unsupported-media-type', error.message),
  UnknownRun: (error) => new Problem('not-found', error.message),
  RunConflict: (error) => new Problem('conflict', error.message),
  PlanStale: (error) => {
    const { moved } = error as PlanStale;
    return new Problem('stale-plan', error.message, { members: { moved, fresh: freshPlan(error as PlanStale) } });
  },
  PlanClosed: (error) => {
    const { run } = error as PlanClosed;
    const members = { ...(run !== null && { run }), fresh: freshPlan(error as PlanClosed) };
    return new Problem('plan-closed', error.message, { members });
  },
  TooManyPlans: (error) =>
    new Problem('unavailable', error.message, { retryAfterSeconds: (error as TooManyPlans).retryAfterSeconds }),
  TooManyRuns: (error) =>
    new Problem('unavailable', error.message, { retryAfterSeconds: (error as TooManyRuns).retryAfterSeconds }),
};

/** How a plan that can't be applied any more is made anew. */
function freshPlan({ plan }: PlanClosed | PlanStale): object {
  return { method: 'POST', href: `/api/plans/${plan}/fresh` };
}

/** What the errors of Fastify's router mean, by their code. */
const byCode: Readonly<Record<string, () => Problem>> = {
  FST_ERR_BAD_URL: () =>
    new Problem('malformed', 'the path is not well-formed: a % must be followed by two hexadecimal digits of UTF-8'),
  FST_ERR_MAX_PARAM_LENGTH: () => new Problem('url-too-long', 'a part of the path is longer than any name can be'),
  ECONNRESET: () => new Problem('malformed', 'the request was cut off before its end'),
};

/** What is left of Fastify's other errors once Nest has passed them on: a status. */
const byStatus: Readonly<Record<number, () => Problem>> = {
  404: () => new Problem('not-found', 'there is nothing at this path'),
  413: () => new Problem('too-large', 'a JSON body has at most 1 MiB'),
  414: () => new Problem('url-too-long', 'the address is too long'),
  415: () => new Problem('unsupported-media-type', 'send the body as application/json'),
};

/** The problem that any error is. What nobody foresaw is `internal`, and keeps the error as its cause for the log. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return new Problem('internal', 'something is wrong in the server', { cause: error });
  const known = Object.hasOwn(byName, error.name) ? byName[error.name] : undefined;
  if (known) return known(error);
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown };
  const coded = typeof code === 'string' && Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (coded) return coded();
  const status =
    typeof statusCode === 'number' ? statusCode : 'getStatus' in error ? (error.getStatus as () => number)() : 500;
  const answered = byStatus[status];
  if (answered) return answered();
  if (status >= 400 && status < 500)
    return new Problem('malformed', 'the request is not well-formed HTTP', { cause: error });
  return new Problem('internal', 'something is wrong in the server; it is logged under the X-Correlation-Id', {
    cause: error,
  });
}

function unavailableLog({ mayBeRecorded }: LogUnavailable): string {
  return mayBeRecorded
    ? 'the event log did not say whether this was recorded; look before you send it again, or send it with the same Idempotency-Key'
    : 'the event log cannot be read or written now; nothing was recorded';
}
