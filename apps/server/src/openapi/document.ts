import { type CommandDefinition, type Field, fieldsOf, type JsonSchema } from '#kernel';
import { problemKinds } from '../problems/problem.js';
import { limitDefault, limitMax } from '../views/view-request.js';
import { version } from '../version.js';
import { commonHeaders, sharedSchemas } from './shared-schemas.js';
import { plannedFilePaths } from './plan-paths.js';
import { bulkPath } from './run-paths.js';
import type { AnyView } from '../views/any-view.js';

type Operation = Readonly<Record<string, unknown>>;

/** Routes that are neither commands nor views, described where they are made: OpenAPI path items by path. */
export type ExtraPaths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** The OpenAPI 3.1 document, made from the commands' fields and the views' parameters alone. */
export function openApiDocument(
  commands: readonly CommandDefinition[],
  views: readonly AnyView[],
  extra: ExtraPaths,
): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Homeward',
      version,
      description:
        'Tracks the move of Group Chat deployments to Lync Server 2013 Persistent Chat. Commands answer done, unchanged or refused; views answer as of any moment. ' +
        'Every error is a problem document (RFC 9457); /problems lists the kinds.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    paths: together(
      Object.fromEntries(
        commands.map((definition) => [`/api/commands/${definition.path}`, { post: commandOperation(definition) }]),
      ),
      Object.fromEntries(views.map((definition) => [openApiPath(definition.path), { get: viewOperation(definition) }])),
      bulkPath(commands),
      plannedFilePaths({ ...bulkPath(commands), ...extra }),
      extra,
    ),
    components: {
      schemas: {
        ...sharedSchemas,
        ...Object.fromEntries(commands.map((definition) => [definition.name, commandSchema(definition)])),
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token; its roles say what it may do' },
        session: { type: 'apiKey', in: 'cookie', name: 'homeward_session', description: 'Made by POST /api/session' },
      },
    },
  };
}

/** A path may be a view's and take something else too. */
function together(...parts: readonly ExtraPaths[]): ExtraPaths {
  const paths: Record<string, ExtraPaths[string]> = {};
  for (const [path, operations] of parts.flatMap((part) => Object.entries(part)))
    paths[path] = { ...paths[path], ...operations };
  return paths;
}

function commandOperation(definition: CommandDefinition): Operation {
  const { name, summary, role } = definition;
  return {
    operationId: name,
    tags: ['commands'],
    summary,
    description: `Takes the role \`${role}\`.`,
    'x-role': role,
    parameters: [
      parameter('query', 'plan', { type: 'string', enum: ['true'] }, 'Decide without recording anything'),
      parameter('header', 'Idempotency-Key', printable, 'The same key with the same body returns the first answer'),
      parameter('header', 'X-Correlation-Id', printable, 'Taken over, recorded and given back'),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` }, ...examplesOf(definition) } },
    },
    responses: {
      200: answer('Done or unchanged (or, planned, what would be)', { $ref: '#/components/schemas/CommandAnswer' }),
      ...problems(
        'malformed',
        'sign-in-required',
        'forbidden',
        'key-reused',
        'too-large',
        'unsupported-media-type',
        'refused',
        'unavailable',
      ),
    },
  };
}

function examplesOf({ example, moreExamples }: CommandDefinition): object {
  if (!moreExamples) return { example };
  const named = Object.entries({ example, ...moreExamples });
  return { examples: Object.fromEntries(named.map(([name, value]) => [name, { value }])) };
}

function commandSchema({ command, name }: CommandDefinition): JsonSchema {
  const fields = fieldsOf(command);
  return {
    title: name,
    type: 'object',
    additionalProperties: false,
    required: fields.filter(({ optional }) => !optional).map((field) => field.name),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
  };
}

function fieldSchema({ schema, description }: Field): JsonSchema {
  return { ...schema, description };
}

function viewOperation(definition: AnyView): Operation {
  const { path, summary, kind, parameters, moments, roles, item, file, beside = {} } = definition;
  const inPath = new Set(path.matchAll(/:(\w+)/g).map(([, name]) => name));
  const own = Object.entries(parameters).map(([name, { schema, description, required, negatable }]) =>
    inPath.has(name)
      ? { ...parameter('path', name, schema, description), required: true }
      : {
          ...parameter(
            'query',
            name,
            negatable ? { type: 'array', items: schema } : schema,
            negatable ? `${description}; a leading - excludes` : description,
          ),
          ...(required && { required: true }),
        },
  );
  // A view with moments of its own takes one of them in the place of asOf.
  const common = [...(moments ? [] : [asOf]), after, ...(kind === 'list' ? [limit, cursor] : [])].filter(
    ({ name }) => !Object.hasOwn(parameters, name),
  );
  const list = {
    type: 'object',
    required: [...Object.keys(beside), 'items', 'next', 'total'],
    properties: { ...beside, items: { type: 'array', items: item }, ...pageEnd },
  };
  return {
    tags: ['views'],
    summary,
    ...(roles && { description: `Takes the role ${roles.map((role) => `\`${role}\``).join(' or ')}.` }),
    parameters: [...own, ...common],
    responses: {
      200: answer('As of the position in the header Log-Position', kind === 'list' ? list : item, file?.media),
      ...problems(
        'malformed',
        'sign-in-required',
        ...(roles ? (['forbidden'] as const) : []),
        ...(inPath.size > 0 ? (['not-found'] as const) : []),
        'view-behind',
      ),
    },
  };
}

const printable = { type: 'string', minLength: 1, maxLength: 128 };
const pageEnd = {
  next: { type: ['string', 'null'], description: 'The cursor of the next page' },
  total: { type: 'integer' },
};

const asOf = parameter(
  'query',
  'asOf',
  { type: 'string' },
  'An instant (ISO 8601) or @<position>: answer as the world stood then',
);
const after = parameter(
  'query',
  'after',
  { type: 'string', pattern: '^\\d+$' },
  'Wait until the view has seen this position (2 s at most)',
);
const limit = parameter(
  'query',
  'limit',
  { type: 'integer', minimum: 1, maximum: limitMax, default: limitDefault },
  'Items on a page',
);
const cursor = parameter('query', 'cursor', { type: 'string' }, 'The `next` of the page before');

export function parameter(where: 'query' | 'header' | 'path', name: string, schema: JsonSchema, description: string) {
  return { in: where, name, schema, description };
}

function answer(description: string, schema: JsonSchema, media = 'application/json'): object {
  return { description, headers: commonHeaders, content: { [media]: { schema } } };
}

/** The responses for these kinds of problem, by status. */
export function problems(...kinds: readonly (keyof typeof problemKinds)[]): Readonly<Record<string, object>> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const byStatus = Map.groupBy(kinds, (kind) => problemKinds[kind][0]);
  return Object.fromEntries(
    Array.from(byStatus, ([status, same]) => [
      status,
      { description: same.map((kind) => problemKinds[kind][1]).join('; '), content },
    ]),
  );
}

function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}
