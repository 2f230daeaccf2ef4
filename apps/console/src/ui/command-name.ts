import type { Words } from '../i18n/i18n.js';

/** A command in words; also one that a file or a plan stands behind: `BulkHomeUser`, `PlanHomeUser`. */
export function commandName(t: Words, name: string): string {
  const known = t.named('command', name);
  const [, way, inner] = /^(Bulk|Plan)([A-Z]\w+)$/.exec(name) ?? [];
  if (known !== name || inner === undefined) return known;
  return t(way === 'Bulk' ? 'command.byFile' : 'command.planned', { command: t.named('command', inner) });
}

/** The kind of a run or a plan: an import, or the path of the command whose rows it holds. */
export function kindName(t: Words, kind: string): string {
  const known = t.named('runKind', kind);
  if (known !== kind) return known;
  const name = kind.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return t.named('command', name);
}
