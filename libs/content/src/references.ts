import { type ContentKind, foldCase, type Refusal, type Transaction } from '#kernel';
import type { Content } from './inventory.js';
import type { Host } from './host.js';

/** What a command refers to, by name. */
export type References = { readonly [K in ContentKind]?: string | undefined };

/** For each of them that its own deployment does not have: another deployment that has it, or null. */
export type Elsewhere = { readonly [K in ContentKind]?: string | null };

const nowhere: Elsewhere = {};

/** Looks for what is missing here in all other deployments. */
export async function lookElsewhere(
  tx: Transaction,
  host: Host,
  content: Content,
  references: References,
): Promise<Elsewhere> {
  const missing = missingIn(content, references);
  if (missing.length === 0 || !host.state) return nowhere;
  const found: { -readonly [K in ContentKind]?: string | null } = {};
  for (const [kind, name] of missing) found[kind] = await tx.counting.contentElsewhere(kind, name, host.deployment);
  return found;
}

function missingIn(content: Content, references: References): [ContentKind, string][] {
  const missing: [ContentKind, string][] = [];
  for (const kind of kinds) {
    const name = references[kind];
    if (name !== undefined && !has(content, kind, name)) missing.push([kind, name]);
  }
  return missing;
}

const kinds = ['category', 'room', 'add-in'] as const satisfies readonly ContentKind[];

function has(content: Content, kind: ContentKind, name: string): boolean {
  const among = { category: content.categories, room: content.rooms, 'add-in': content.addIns }[kind];
  return among.has(foldCase(name));
}

/** Why a thing that its deployment does not have cannot be referred to. */
export function missing(kind: ContentKind, name: string, host: Host, elsewhere: Elsewhere = nowhere): Refusal {
  const other = elsewhere[kind];
  if (other != null)
    return {
      rule: 'isolation.cross-deployment',
      detail: `the ${kind} ${name} belongs to ${other}, not to ${host.deployment}; deployments share no content`,
      deployment: other,
    };
  return { rule: `content.unknown-${kind}`, detail: `${host.deployment} has no ${kind} ${name}; add it first` };
}
