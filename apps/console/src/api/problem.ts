/** A problem document (RFC 9457) as the server writes it. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly refusals?: readonly Refusal[];
}

export interface Refusal {
  readonly rule: string;
  readonly detail: string;
}

/** The server answered, and its answer is a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly document: ProblemDocument,
    readonly correlationId: string | null,
    readonly retryAfterSeconds: number,
  ) {
    super(document.detail);
  }

  get kind(): string {
    return this.document.type.replace('/problems/', '');
  }
}

/** Nothing answered: no network, no server, or a connection that broke. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}
