import { ValidateBy } from 'class-validator';
import { clients, generationIds } from './catalogue.js';
import {
  type Parsed,
  parseFqdn,
  parseMigrationId,
  parseName,
  parsePolicyId,
  parseSipUri,
  parseText,
  textMax,
} from './ids.js';
import { roles } from './transaction.js';

/** A JSON schema fragment (draft 2020-12, as OpenAPI 3.1 takes it). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One kind of field: how its input is understood, and how that is told to OpenAPI. */
interface FieldKind {
  readonly schema: JsonSchema;
  readonly parse: (input: unknown) => Parsed<unknown>;
  /** From a CSV cell or a command line's argument; where absent the text is the value. */
  readonly fromText?: (text: string) => unknown;
}

/** A command's field, as HTTP, OpenAPI, bulk files and the command line see it. */
export interface Field extends FieldKind {
  readonly name: string;
  readonly optional: boolean;
  readonly description: string;
}

const fieldsByClass = new Map<object, Field[]>();

/** The fields of a command class, those of its base class last. A class may declare a field of its base anew (a required `reason`). */
export function fieldsOf(command: object): readonly Field[] {
  const base = Object.getPrototypeOf(command) as object | null;
  const own = fieldsByClass.get(command) ?? [];
  if (base === null) return own;
  const inherited = fieldsOf(base).filter(({ name }) => !own.some((field) => field.name === name));
  return [...own, ...inherited];
}

interface FieldOptions {
  readonly optional?: boolean;
}

function field(kind: FieldKind, description: string, { optional = false }: FieldOptions = {}): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    const own = fieldsByClass.get(target.constructor) ?? [];
    own.push({ ...kind, name, optional, description });
    fieldsByClass.set(target.constructor, own);
    // Not class-validator's IsOptional: that one outlives a class that declares the field anew as required.
    ValidateBy({
      name: 'field',
      validator: {
        validate: (value) => (optional && value == null) || kind.parse(value).problem === undefined,
        defaultMessage: (args) => kind.parse(args?.value).problem ?? 'is malformed',
      },
    })(target, property);
  };
}

function oneOf(values: readonly string[]): FieldKind {
  const problem = `must be one of ${values.join(', ')}`;
  return {
    schema: { type: 'string', enum: values },
    parse: (input) => (typeof input === 'string' && values.includes(input) ? { value: input } : { problem }),
  };
}

const isoInstant =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * An instant with a time zone, as UTC with milliseconds. Hours go from 00 to 23 and seconds from 00 to 59: midnight is 00:00 of
 * the day that begins, and a leap second has no place in the log's time.
 */
export function parseInstant(input: unknown): Parsed<string> {
  const date = typeof input === 'string' ? isoInstant.exec(input)?.[1] : undefined;
  if (typeof input !== 'string' || date === undefined)
    return { problem: 'must be an ISO 8601 instant with a time zone, such as 2013-05-03T12:00:00Z' };
  const day = new Date(`${date}T00:00:00Z`);
  // Where a month is too short, Date goes on counting in the next one.
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(date))
    return { problem: `must be a day of the calendar: there is no ${date}` };
  const value = new Date(input).toISOString();
  // Instants are compared as texts, which holds for years of four digits.
  return value.length === 24 ? { value } : { problem: 'must be in the years 0000 to 9999, in UTC too' };
}

function parseHttpUrl(input: unknown): Parsed<string> {
  const problem = 'must be an http or https URL of at most 255 characters';
  if (typeof input !== 'string' || input.length > 255 || /\s/.test(input) || !URL.canParse(input)) return { problem };
  return /^https?:$/.test(new URL(input).protocol) && input.isWellFormed() ? { value: input } : { problem };
}

function parseCount(input: unknown): Parsed<number> {
  return typeof input === 'number' && Number.isSafeInteger(input) && input >= 0
    ? { value: input }
    : { problem: 'must be an integer from 0' };
}

function parseFlag(input: unknown): Parsed<boolean> {
  return typeof input === 'boolean' ? { value: input } : { problem: 'must be true or false' };
}

function parseRoles(input: unknown): Parsed<readonly string[]> {
  const known: readonly string[] = roles;
  const right = Array.isArray(input) && input.length > 0 && input.every((role) => known.includes(role as string));
  return right
    ? { value: known.filter((role) => (input as string[]).includes(role)) }
    : { problem: `must be a list of one or more of ${known.join(', ')}` };
}

function parseGuid(input: unknown): Parsed<string> {
  return typeof input === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(input)
    ? { value: input.toLowerCase() }
    : { problem: 'must be a GUID such as 6f9619ff-8b86-d011-b42d-00c04fc964ff' };
}

/** `<kind>:<id>`, the id normalised as its kind is. */
export function parseSubject(input: unknown): Parsed<string> {
  if (input === 'estate') return { value: input };
  const text = parseName(input, textMax);
  const [, kind, id] = text.problem === undefined ? (/^([a-z-]+):(.+)$/.exec(text.value) ?? []) : [];
  const problem = 'must be <kind>:<id>, such as pool:ocs01.contoso.com or deployment:chat01.contoso.com';
  if (kind === undefined || id === undefined) return { problem };
  const parse = { pool: parseFqdn, deployment: parseFqdn, user: parseSipUri, migration: parseMigrationId }[kind];
  if (!parse) return text;
  const parsed = parse(id);
  return parsed.problem === undefined
    ? { value: `${kind}:${parsed.value}` }
    : { problem: `${problem}; ${kind}: ${parsed.problem}` };
}

// A cell that is no number or Boolean stays what it is, and the parser says what would be right.
const numberFromText = (text: string): unknown => (/^\d{1,16}$/.test(text) ? Number(text) : text);
const flagFromText = (text: string): unknown => ({ true: true, false: false })[text.toLowerCase()] ?? text;

const fqdn = (description: string, options?: FieldOptions) =>
  field({ schema: { type: 'string', format: 'hostname', maxLength: 255 }, parse: parseFqdn }, description, options);
const name = (max: number, description: string, options?: FieldOptions) =>
  field(
    { schema: { type: 'string', minLength: 1, maxLength: max }, parse: (input) => parseName(input, max) },
    description,
    options,
  );
const text = (max: number, description: string, options?: FieldOptions) =>
  field(
    { schema: { type: 'string', minLength: 1, maxLength: max }, parse: (input) => parseText(input, max) },
    description,
    options,
  );

/** The property decorators of command classes: each one is validation, normalisation and schema at once. */
export const Is = {
  /** A kind of field that one context alone has. */
  Of: field,
  Site: (description: string, options?: FieldOptions) => name(256, description, options),
  Pool: fqdn,
  Deployment: fqdn,
  ContentName: (description: string, options?: FieldOptions) => name(256, description, options),
  /** A name for which the contract has no limit of its own. */
  Name: (description: string, options?: FieldOptions) => name(textMax, description, options),
  Text: (description: string, options?: FieldOptions) => text(textMax, description, options),
  TextUpTo: text,
  Generation: (description: string, options?: FieldOptions) => field(oneOf(generationIds), description, options),
  Client: (description: string, options?: FieldOptions) => field(oneOf(clients), description, options),
  OneOf: (values: readonly string[], description: string, options?: FieldOptions) =>
    field(oneOf(values), description, options),
  SipUri: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'string', maxLength: 256 }, parse: parseSipUri }, description, options),
  Policy: (description: string, options?: FieldOptions) =>
    field(
      { schema: { type: 'string', pattern: '^(global|site:.+|tag:.+)$' }, parse: parsePolicyId },
      description,
      options,
    ),
  Guid: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'string', format: 'uuid' }, parse: parseGuid }, description, options),
  HttpUrl: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'string', format: 'uri', maxLength: 255 }, parse: parseHttpUrl }, description, options),
  Flag: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'boolean' }, parse: parseFlag, fromText: flagFromText }, description, options),
  Count: (description: string, options?: FieldOptions) =>
    field(
      { schema: { type: 'integer', minimum: 0 }, parse: parseCount, fromText: numberFromText },
      description,
      options,
    ),
  Instant: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'string', format: 'date-time' }, parse: parseInstant }, description, options),
  Migration: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'string', pattern: '^[a-z0-9-]{1,64}$' }, parse: parseMigrationId }, description, options),
  Subject: (description: string, options?: FieldOptions) =>
    field({ schema: { type: 'string', minLength: 1, maxLength: textMax }, parse: parseSubject }, description, options),
  Roles: (description: string, options?: FieldOptions) =>
    field(
      {
        schema: { type: 'array', items: { type: 'string', enum: roles }, minItems: 1 },
        parse: parseRoles,
        fromText: (cell) => cell.split(/[ ,;]+/),
      },
      description,
      options,
    ),
} as const;
