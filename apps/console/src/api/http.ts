import { ProblemError, type ProblemDocument, UnreachableError } from './problem.js';

export interface Answer<T> {
  readonly body: T;
  /** The position that the answer holds for. */
  readonly position: string | null;
  readonly status: number;
  readonly location: string | null;
}

export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

type SignedOut = () => void;
let signedOut: SignedOut = () => undefined;

/** Who is told when an answer says that nobody is signed in. */
export function onSignedOut(listener: SignedOut): void {
  signedOut = listener;
}

let written: string | null = null;

/** The position from which the views know what was sent last; null where nothing was, or it is known at once. */
export function lastWritten(): string | null {
  return written;
}

/** Asks the API. @throws {ProblemError | UnreachableError} */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetched(path, init);
  const text = await response.text();
  if (!response.ok) throw problemOf(response, text);
  const position = response.headers.get('log-position');
  if (init.method === 'POST') written = position ?? written;
  return {
    body: (text === '' ? undefined : JSON.parse(text)) as T,
    position,
    status: response.status,
    location: response.headers.get('location'),
  };
}

export function postJson<T>(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<T>> {
  return ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** The path with those parameters that are there, in their order. */
export function withParameters(path: string, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const each of [value].flat()) if (each !== undefined && each !== '') query.append(name, each);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function fetched(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new UnreachableError('the server cannot be reached', { cause });
  }
}

function problemOf(response: Response, text: string): ProblemError | UnreachableError {
  const document = documentOf(text);
  // What has no document comes from something between here and the server.
  if (!document) return new UnreachableError(`the server cannot be reached (${response.status})`);
  if (document.type === '/problems/sign-in-required') signedOut();
  return new ProblemError(
    document,
    response.headers.get('x-correlation-id'),
    Number(response.headers.get('retry-after') ?? 0),
  );
}

function documentOf(text: string): ProblemDocument | undefined {
  try {
    const document = JSON.parse(text) as ProblemDocument;
    return typeof document === 'object' && document !== null && 'title' in document ? document : undefined;
  } catch {
    return undefined;
  }
}
