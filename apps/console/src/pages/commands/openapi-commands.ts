import type { Role } from '../../api/types.js';
import type { Command, CommandField } from './catalogue.js';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly format?: string;
  readonly maxLength?: number;
  readonly description?: string;
}

interface CommandSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

export interface OpenApiDocument {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post?: { readonly operationId?: string; readonly summary?: string; readonly 'x-role'?: Role } }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, CommandSchema>> };
}

const prefix = '/api/commands/';
/** Texts that are more than a word. */
const longFields = new Set(['reason', 'evidence']);

export function commandsOf({ paths, components }: OpenApiDocument): readonly Command[] {
  return Object.entries(paths).flatMap(([path, { post }]) => {
    const name = post?.operationId;
    const schema = name === undefined ? undefined : components.schemas[name];
    if (!path.startsWith(prefix) || name === undefined || !schema) return [];
    const fields = Object.entries(schema.properties ?? {}).map(([field, of]) =>
      fieldOf(field, of, schema.required ?? []),
    );
    return [
      {
        name,
        path: path.slice(prefix.length),
        summary: post?.summary ?? '',
        role: post?.['x-role'] ?? 'operator',
        fields,
      },
    ];
  });
}

function fieldOf(name: string, schema: Schema, required: readonly string[]): CommandField {
  return {
    name,
    description: schema.description ?? '',
    required: required.includes(name),
    kind: kindOf(name, schema),
    choices: schema.enum ?? schema.items?.enum ?? [],
    maxLength: schema.maxLength,
  };
}

function kindOf(name: string, { type, enum: choices, format }: Schema): CommandField['kind'] {
  if (type === 'array') return 'list';
  if (type === 'boolean') return 'flag';
  if (type === 'integer') return 'count';
  if (choices) return 'choice';
  if (format === 'date-time') return 'instant';
  return longFields.has(name) ? 'long' : 'text';
}
