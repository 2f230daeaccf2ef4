import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/http.js';
import type { Role } from '../../api/types.js';
import { commandsOf, type OpenApiDocument } from './openapi-commands.js';

export interface CommandField {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly kind: 'text' | 'long' | 'flag' | 'choice' | 'instant' | 'list' | 'count';
  /** Of a choice or a list. */
  readonly choices: readonly string[];
  readonly maxLength: number | undefined;
}

export interface Command {
  /** `HomeUser` */
  readonly name: string;
  /** `home-user` */
  readonly path: string;
  readonly summary: string;
  readonly role: Role;
  readonly fields: readonly CommandField[];
}

/** Every command, as the server's own document describes it. */
export function useCommands(): readonly Command[] | undefined {
  return useQuery({
    queryKey: ['openapi'],
    queryFn: async () => commandsOf((await ask<OpenApiDocument>('/api/openapi.json')).body),
  }).data;
}
