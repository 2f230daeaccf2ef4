import { BaseCommand, type CommandDefinition, fieldsOf } from '#kernel';
import { csvMediaTypes, jsonLinesMediaType } from '#runs';
import { type ExtraPaths, parameter, problems } from './document.js';

const key = parameter(
  'header',
  'Idempotency-Key',
  { type: 'string', minLength: 1, maxLength: 128 },
  'The same key with the same file is answered with the same run',
);
const fileName = parameter(
  'header',
  'Content-Disposition',
  { type: 'string' },
  "What its sender calls the file: attachment; filename*=UTF-8''users.csv, percent-encoded",
);
const runOfPath = {
  ...parameter('path', 'run', { type: 'string', format: 'uuid' }, 'The run'),
  required: true,
};
const accepted = {
  202: {
    description: 'The run',
    content: { 'application/json': { schema: { type: 'object' } } },
    headers: { Location: { schema: { type: 'string' }, description: '/api/runs/{run}' } },
  },
};
const fileProblems = problems(
  'malformed',
  'sign-in-required',
  'forbidden',
  'key-reused',
  'too-large',
  'unsupported-media-type',
  'unavailable',
);
const text = { type: 'string' };

const csv = (example: string): object =>
  Object.fromEntries(csvMediaTypes.map((type) => [type, { schema: text, example }]));
const csvLines = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

const words = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    fieldsOf(BaseCommand).map(({ name, schema, description }) => [name, { ...schema, description }]),
  ),
};

function action(summary: string, conflict: string): ExtraPaths[string][string] {
  return {
    tags: ['runs'],
    summary,
    description: `Takes the role \`operator\`, or the one that its file takes; a retry takes that one. 409: ${conflict}.`,
    parameters: [runOfPath],
    requestBody: {
      required: false,
      content: {
        'application/json': { schema: words, example: { reason: 'a maintenance window', ticket: 'CHG-1042' } },
      },
    },
    responses: {
      200: {
        description: 'The run as it stands now',
        content: { 'application/json': { schema: { type: 'object' } } },
      },
      ...problems(
        'malformed',
        'sign-in-required',
        'forbidden',
        'not-found',
        'conflict',
        'too-large',
        'unsupported-media-type',
        'unavailable',
      ),
    },
  };
}

/** Files and the runs that they become. */
export const runPaths: ExtraPaths = {
  '/api/imports/users': {
    post: {
      tags: ['runs'],
      summary: 'Import a Get-CsUser CSV as a run',
      description:
        'Takes the role `operator`. Every row becomes the commands that bring the tracker to what the row says.',
      parameters: [key, fileName],
      requestBody: {
        required: true,
        content: csv(
          csvLines('SipAddress,DisplayName,RegistrarPool', 'sip:alice@contoso.com,Alice,pool13.contoso.com'),
        ),
      },
      responses: { ...accepted, ...fileProblems },
    },
  },
  '/api/imports/content': {
    post: {
      tags: ['runs'],
      summary: 'Import the categories, rooms and add-ins of one deployment as a run',
      description:
        'Takes the role `operator`. The file is an export of Get-CsPersistentChatCategory, -Room or -Addin as it comes, or our template: `CategoryPath` (levels separated by a backslash), ' +
        '`Room`, `Type`, `Privacy`, `AddIn`, `AddInUrl`, `Invitations`, `FileUpload`, `ChatHistory`, `Disabled`. In the template a row without a room is a category, one with only an add-in and its URL an ' +
        'add-in, a disabled room is excluded, categories that a path leads through are made, and rows may be in any order. An export names only what is there already: import categories, then add-ins, then ' +
        'rooms, or retry the run. What a cell does not say stays as it is.',
      parameters: [
        {
          ...parameter('query', 'deployment', { type: 'string', format: 'hostname' }, 'FQDN of the chat pool'),
          required: true,
          example: 'chat13-tacoma.contoso.com',
        },
        key,
        fileName,
      ],
      requestBody: {
        required: true,
        content: csv(
          csvLines(
            'CategoryPath,Room,Type,Privacy,AddIn,AddInUrl,Invitations,FileUpload,ChatHistory,Disabled',
            ',,,,Ticker,https://apps.contoso.com/ticker,,,,',
            'Announcements,,,,,,True,False,True,',
            'Announcements,News,Auditorium,Open,Ticker,,,,,',
          ),
        ),
      },
      responses: { ...accepted, ...fileProblems, ...problems('not-found') },
    },
  },
  '/api/runs/{run}/failed.csv': {
    get: {
      tags: ['runs'],
      summary: 'The rows of a run that failed, as a file of the same shape that says why and can be sent back',
      description:
        'A CSV has a column `Error`; of JSON lines each object has a member of that name. Of a run that applies a plan it holds the rows too that were refused or invalid in the plan, which the run itself does not count.',
      parameters: [runOfPath],
      responses: {
        200: {
          description: 'The file',
          content: { 'text/csv': { schema: text }, [jsonLinesMediaType]: { schema: text } },
        },
        ...problems('malformed', 'sign-in-required', 'not-found'),
      },
    },
  },
  '/api/runs/{run}/pause': {
    post: action('Pause a run after the batch it is in; it stays paused over a restart', 'it is not under way'),
  },
  '/api/runs/{run}/resume': { post: action('Let a paused run go on', 'it is not paused') },
  '/api/runs/{run}/stop': {
    post: action('Stop a run after the batch it is in; the rows that are left are skipped', 'it is over already'),
  },
  '/api/runs/{run}/retry': {
    post: action(
      'Take up again the rows of a run that failed and those that a stop skipped',
      'it is not over, nothing failed or was skipped, or its file is gone',
    ),
  },
};

/** The command whose file the docs show. */
const shown = 'enrol-user';

/** Files of one command, for all of them. */
export function bulkPath(commands: readonly CommandDefinition[]): ExtraPaths {
  const inFiles = commands.filter(({ notInFiles }) => notInFiles === undefined);
  const definition = inFiles.find(({ path }) => path === shown) ?? inFiles[0];
  if (!definition) return {};
  const { example } = definition;
  const names = fieldsOf(definition.command)
    .map(({ name }) => name)
    .filter((name) => Object.hasOwn(example, name));
  const row = names.map((name) => String(example[name]));
  return {
    '/api/bulk/{command}': {
      post: {
        tags: ['runs'],
        summary: 'Send many commands of one kind as a file; one row is one command',
        description:
          "Takes the role of the command. A CSV's header names the command's fields, in any order and case; an empty cell is a field that is not given; lists stand in " +
          'one cell, apart by a space, a comma or a semicolon. Or JSON lines: the body of one command in each. An unknown or doubled column is a 400, a bad row is told in the run.',
        parameters: [
          {
            ...parameter('path', 'command', { type: 'string', enum: inFiles.map(({ path }) => path) }, 'Its path'),
            required: true,
            example: definition.path,
          },
          key,
          fileName,
        ],
        requestBody: {
          required: true,
          content: {
            ...csv(csvLines(names.join(','), row.join(','))),
            [jsonLinesMediaType]: { schema: text, example: `${JSON.stringify(example)}\n` },
          },
        },
        responses: { ...accepted, ...fileProblems, ...problems('not-found') },
      },
    },
  };
}
