import type { CommandDefinition } from '#kernel';
import { bulkKind, ContentImport, type RegisteredPools, type RunKind, UserImport } from '#runs';

/** Every kind of file that may become a run: the imports, and the files of each command that can stand in one. */
export function kindsOfRuns(commands: readonly CommandDefinition[], pools: RegisteredPools): readonly RunKind[] {
  const inFiles = commands.filter(({ notInFiles }) => notInFiles === undefined);
  return [
    new UserImport(commands, pools),
    new ContentImport(commands),
    ...inFiles.map((definition) => bulkKind(definition)),
  ];
}
