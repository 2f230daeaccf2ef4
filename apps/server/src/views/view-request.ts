import { type FieldError, type Parsed, parseInstant } from '#kernel';
import type { Filter, ViewParameter } from '#views';
import { queryOf, unknownParameter } from '../http/query.js';
import { malformed } from '../problems/problem.js';
import type { AnyView } from './any-view.js';

export const limitDefault = 50;
export const limitMax = 500;

/** What every view understands beside its own parameters. */
export interface ViewRequest {
  readonly input: Readonly<Record<string, unknown>>;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly asOf?: { readonly position: bigint } | { readonly instant: string };
  readonly after?: bigint;
}

/** Reads a view's path and query parameters. @throws {Problem} with one entry per bad one. */
export function readViewRequest(
  definition: AnyView,
  pathParameters: Readonly<Record<string, string>>,
  url: string | undefined,
): ViewRequest {
  const { given, errors } = queryOf(url);
  const input: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  const understood = new Map<string, (text: string) => Parsed<unknown>>(Object.entries(commonParameters(definition)));
  const own = new Map(Object.entries(definition.parameters));
  const inPath = new Set(Object.keys(pathParameters));
  const known = [
    ...own.keys().filter((name) => !inPath.has(name)),
    ...understood.keys().filter((name) => !own.has(name)),
  ];

  const take = (name: string, text: string): void => {
    const parameter = own.get(name);
    const parsed = parameter ? parameterOf(parameter, input[name], text) : understood.get(name)?.(text);
    if (!parsed) errors.push(unknownParameter(name, known));
    else if (parsed.problem !== undefined) errors.push({ field: name, message: parsed.problem });
    else if (parameter) input[name] = parsed.value;
    else if (common[name] === undefined) common[name] = parsed.value;
    else errors.push({ field: name, message: 'must be given once' });
  };
  for (const [name, text] of Object.entries(pathParameters)) take(name, text);
  for (const [name, text] of given.slice(0, 100)) {
    if (inPath.has(name)) errors.push(unknownParameter(name, known));
    else take(name, text);
  }
  for (const [name, { required }] of own)
    if (required && input[name] === undefined && !errors.some(({ field }) => field === name))
      errors.push({ field: name, message: 'is required' });
  if (errors.length > 0) throw malformed(...boundedErrors(errors));
  const { limit = limitDefault, cursor, ...moments } = common;
  return { input, limit: limit as number, cursor: cursor as string | undefined, ...moments };
}

function parameterOf({ parse, negatable }: ViewParameter, before: unknown, text: string): Parsed<unknown> {
  if (!negatable) return before === undefined ? parse(text) : { problem: 'must be given once' };
  const exclude = text.startsWith('-');
  const parsed = parse(exclude ? text.slice(1) : text);
  if (parsed.problem !== undefined) return parsed;
  return { value: [...((before as Filter[] | undefined) ?? []), { value: parsed.value, exclude }] };
}

/** `limit` and `cursor` are for lists; a view that has a parameter of the same name means something else by it. */
function commonParameters({ kind }: AnyView): Readonly<Record<string, (text: string) => Parsed<unknown>>> {
  return {
    asOf: parseMoment,
    after: parsePosition,
    ...(kind === 'list' && { limit: parseLimit, cursor: parseCursor }),
  };
}

/** `@<position>` or an instant. A `+` that was not percent-encoded has become a space. */
export function parseMoment(text: string): Parsed<{ readonly position: bigint } | { readonly instant: string }> {
  if (text.startsWith('@')) {
    const position = parsePosition(text.slice(1));
    return position.problem === undefined ? { value: { position: position.value } } : { problem: momentProblem };
  }
  const instant = parseInstant(text.replace(/ (?=\d{2}:\d{2}$)/, '+'));
  return instant.problem === undefined ? { value: { instant: instant.value } } : { problem: momentProblem };
}

const momentProblem =
  'must be @<position>, such as @42, or an ISO 8601 instant with a time zone, such as 2013-05-03T12:00:00Z';

export function parsePosition(text: string): Parsed<bigint> {
  return /^\d{1,18}$/.test(text)
    ? { value: BigInt(text) }
    : { problem: 'must be a position in the log, a decimal number such as 42' };
}

function parseLimit(text: string): Parsed<number> {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= limitMax ? { value: limit } : { problem: `must be a number from 1 to ${limitMax}` };
}

function parseCursor(text: string): Parsed<string> {
  return text.length > 0 && text.length <= 4096 && text.isWellFormed()
    ? { value: text }
    : { problem: 'must be the `next` of an earlier page' };
}

function boundedErrors(errors: readonly FieldError[]): readonly FieldError[] {
  return errors.slice(0, 100);
}
