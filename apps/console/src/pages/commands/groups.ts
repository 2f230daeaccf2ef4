export const groups = ['people', 'policies', 'topology', 'content', 'migration', 'leaving', 'access'] as const;
export type CommandGroup = (typeof groups)[number];

const rules: readonly (readonly [RegExp, CommandGroup])[] = [
  [/Token$/, 'access'],
  [/^Decommission|Gate$/, 'leaving'],
  [/User$|Client$/, 'people'],
  [/Policy$/, 'policies'],
  [/Room$|Category$|AddIn$/, 'content'],
  [/Site$|Pool$|Deployment$|LegacyEndpoint$/, 'topology'],
];

/** Where a command stands in the list; what fits nowhere belongs to the migration. */
export function groupOf(name: string): CommandGroup {
  return rules.find(([pattern]) => pattern.test(name))?.[1] ?? 'migration';
}
