import type { FieldError, Refusal } from '#kernel';

/** Every kind of problem that an answer may be (RFC 9457). The name is the last part of its `type`. */
export const problemKinds = {
  malformed: [
    400,
    'The request is malformed',
    'Mend what `errors` or `detail` names and send it again. Nothing was written.',
  ],
  'sign-in-required': [
    401,
    'Sign in first',
    'Send `Authorization: Bearer <token>`, or sign in with `POST /api/session`.',
  ],
  'sign-in-refused': [
    401,
    'The token is not valid',
    'It is wrong, revoked or expired. Ask an administrator for another one.',
  ],
  forbidden: [403, 'Your roles do not allow this', '`detail` names the role that may. Forbidden commands are audited.'],
  'other-origin': [
    403,
    'Sent from another site',
    'A session cookie works only for pages of this server. Use a token elsewhere.',
  ],
  'not-found': [404, 'There is no such thing', 'Look at the path; `/docs` lists every one.'],
  'method-not-allowed': [405, 'The method is not for this path', 'The header `Allow` names the methods that are.'],
  'request-timeout': [408, 'The request took too long to arrive', 'Send it again.'],
  'key-reused': [409, 'The Idempotency-Key was used for something else', 'Use a new key for a new command or body.'],
  contended: [409, 'Others were faster, again and again', 'Send the command once more.'],
  'stale-plan': [
    409,
    'What the plan rests on has moved',
    '`moved` names it. Make the plan that `fresh` offers, look at it, and apply that one.',
  ],
  'plan-closed': [
    409,
    'The plan cannot be applied',
    'It was applied before, has expired, or has another hash. `fresh` offers a new one.',
  ],
  conflict: [409, 'It no longer fits what is there', 'Read what is there now and decide anew.'],
  'too-large': [413, 'The body is too large', 'JSON bodies have at most 1 MiB.'],
  'url-too-long': [414, 'The address is too long', 'Shorten it.'],
  'unsupported-media-type': [415, 'The content type is not for this path', '`detail` names the one that is.'],
  'expectation-failed': [417, 'The expectation cannot be met', 'The only one understood is `Expect: 100-continue`.'],
  refused: [422, 'Rules refuse this', '`refusals` names every rule that says no. The refusal is in the timeline.'],
  'too-many-requests': [
    429,
    'Too many refused requests',
    'Wait for the seconds in `Retry-After`. A good token is not affected.',
  ],
  'headers-too-large': [431, 'The address and headers are too large', 'Together they have at most 16 KiB.'],
  internal: [
    500,
    'Something is wrong in the server',
    'Report the X-Correlation-Id; the server has logged what happened.',
  ],
  unavailable: [503, 'Not now', 'Wait for the seconds in `Retry-After` and send it again.'],
  'view-behind': [503, 'The view has not got there yet', 'Wait for the seconds in `Retry-After` and ask again.'],
} as const satisfies Record<string, readonly [status: number, title: string, advice: string]>;

export type ProblemKind = keyof typeof problemKinds;

interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly FieldError[];
  readonly refusals?: readonly Refusal[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members that this kind of problem has beside the usual ones. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What the client is told instead of an answer. Thrown by whoever finds out, written by one filter. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    private readonly options: ProblemOptions = {},
  ) {
    super(detail, options);
    [this.status] = problemKinds[kind];
  }

  get headers(): Readonly<Record<string, string>> {
    const { headers, retryAfterSeconds } = this.options;
    return retryAfterSeconds === undefined
      ? { ...headers }
      : { ...headers, 'retry-after': `${Math.ceil(retryAfterSeconds)}` };
  }

  /** The document, for the request to this path. */
  document(path: string): Readonly<Record<string, unknown>> {
    const { errors, refusals, members } = this.options;
    return {
      type: `/problems/${this.kind}`,
      title: problemKinds[this.kind][1],
      status: this.status,
      detail: this.message,
      instance: path.slice(0, 500),
      ...(errors && { errors }),
      ...(refusals && { refusals }),
      ...members,
    };
  }
}

/** A 400 with one entry per bad field or parameter. */
export function malformed(...errors: readonly FieldError[]): Problem {
  const named = errors
    .slice(0, 3)
    .map(({ field, message }) => (field === '' ? `the body ${message}` : `${field} ${message}`));
  const rest = errors.length > 3 ? `; and ${errors.length - 3} more` : '';
  return new Problem('malformed', named.join('; ') + rest, { errors });
}
