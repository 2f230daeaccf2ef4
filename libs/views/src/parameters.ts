import {
  clients,
  generationIds,
  type JsonSchema,
  type Parsed,
  parseFqdn,
  parseMigrationId,
  parseName,
  parsePolicyId,
  parseSipUri,
  parseSubject,
  textMax,
} from '#kernel';
import type { ViewParameter } from './view.js';

const parameter = (
  description: string,
  schema: JsonSchema,
  parse: (input: string) => Parsed<unknown>,
): ViewParameter => ({
  description,
  schema,
  parse,
});

const oneOf = (description: string, values: readonly string[]): ViewParameter =>
  parameter(description, { type: 'string', enum: values }, (input) =>
    values.includes(input) ? { value: input } : { problem: `must be one of ${values.join(', ')}` },
  );

const flags: Readonly<Record<string, boolean>> = { true: true, false: false };

/** The parameters of views: each is validation, normalisation and schema at once. */
export const Asked = {
  pool: (description: string) => parameter(description, { type: 'string', format: 'hostname' }, parseFqdn),
  deployment: (description: string) => parameter(description, { type: 'string', format: 'hostname' }, parseFqdn),
  user: (description: string) => parameter(description, { type: 'string', maxLength: 260 }, parseSipUri),
  site: (description: string) =>
    parameter(description, { type: 'string', maxLength: 256 }, (input) => parseName(input)),
  name: (description: string) =>
    parameter(description, { type: 'string', maxLength: 256 }, (input) => parseName(input)),
  policy: (description: string) => parameter(description, { type: 'string' }, parsePolicyId),
  migration: (description: string) => parameter(description, { type: 'string' }, parseMigrationId),
  generation: (description: string) => oneOf(description, generationIds),
  client: (description: string) => oneOf(description, clients),
  oneOf,
  flag: (description: string) =>
    parameter(description, { type: 'boolean' }, (input) => {
      const value = Object.hasOwn(flags, input) ? flags[input] : undefined;
      return value === undefined ? { problem: 'must be true or false' } : { value };
    }),
  /** Found anywhere in a text, ignoring case. */
  text: (description: string) =>
    parameter(description, { type: 'string', minLength: 1, maxLength: 256 }, (input) => {
      const parsed = parseName(input.trim());
      return parsed.problem === undefined ? { value: parsed.value.toLowerCase() } : parsed;
    }),
  subject: (description: string) => parameter(description, { type: 'string', maxLength: textMax }, parseSubject),
} as const;
