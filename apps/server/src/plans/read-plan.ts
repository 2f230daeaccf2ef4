import { type CommandDefinition, type FieldError, fieldsOf, validateCommand } from '#kernel';
import type { ForUsers } from '#plans';
import { readFilter } from './users-passing.js';

type Members = Readonly<Record<string, unknown>>;

/** What stands in for the user while the other fields are looked at. */
const somebody = 'sip:somebody@contoso.com';
const namedMax = 100;

/** The command that a body asks a plan for, if it names one that can be planned for users. */
export function commandOf(
  commands: readonly CommandDefinition[],
  body: unknown,
):
  | { readonly definition: CommandDefinition; readonly error?: undefined }
  | { readonly definition?: undefined; readonly error: FieldError } {
  const named = isObject(body) ? body['command'] : undefined;
  if (typeof named !== 'string')
    return { error: { field: 'command', message: "must be a command's name, such as HomeUser" } };
  const definition = commands.find(({ name, path }) => name === named || path === named);
  if (!definition)
    return {
      error: {
        field: 'command',
        message: `is no command: ${named.slice(0, namedMax).toWellFormed()}; /docs lists every one`,
      },
    };
  const { name, path, notInFiles } = definition;
  if (notInFiles !== undefined) return { error: { field: 'command', message: `can't be planned: ${notInFiles}` } };
  if (!fieldsOf(definition.command).some((field) => field.name === 'user'))
    return {
      error: { field: 'command', message: `must be one for a user; send a file of ${name} to /api/plans/bulk/${path}` },
    };
  return { definition };
}

/** `{command, fields, for: {users}}`, or one error per bad member. */
export function readPlan(
  definition: CommandDefinition,
  body: Members,
):
  | { readonly asked: ForUsers; readonly errors?: undefined }
  | { readonly asked?: undefined; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = Object.keys(body)
    .filter((name) => !['command', 'fields', 'for'].includes(name))
    .map((name) => stray('', name, 'command, fields and for'));
  const { fields = {}, for: whom } = body;
  if (isObject(fields)) errors.push(...wrongFields(definition, fields));
  else
    errors.push({ field: 'fields', message: `must be an object with the fields of ${definition.name} but the user` });
  const users = isObject(whom) ? whom['users'] : undefined;
  if (isObject(whom))
    for (const name of Object.keys(whom)) if (name !== 'users') errors.push(stray('for.', name, 'users'));
  const filter = isObject(users) ? textsOf(users) : undefined;
  if (!filter)
    errors.push({ field: 'for', message: 'must be {"users": {…}}, with filters of /api/users; {} is everybody' });
  else
    for (const { field, message } of readFilter(filter).errors) errors.push({ field: `for.users.${field}`, message });
  if (errors.length > 0 || !filter) return { errors: errors.slice(0, namedMax) };
  const { name: command, path: kind } = definition;
  return { asked: { command, kind, fields: fields as Members, users: filter } };
}

function wrongFields(definition: CommandDefinition, fields: Members): readonly FieldError[] {
  if (Object.hasOwn(fields, 'user'))
    return [{ field: 'fields.user', message: 'must be left out: `for` says who it is' }];
  const { errors = [] } = validateCommand(definition, { ...fields, user: somebody });
  return errors.map(({ field, message }) => ({ field: `fields.${field}`, message }));
}

/** Filters may be given as the JSON values that they are; anything else is told by the filter's own parser. */
function textsOf(users: Members): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(users)
      .filter(([, value]) => value != null)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function stray(within: string, name: string, known: string): FieldError {
  return {
    field: within + name.slice(0, namedMax).toWellFormed(),
    message: `is no member of a plan; there are ${known}`,
  };
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
