/** The tracker as plain, mutable objects. Every question is answered by looking at all of them. */
export interface World {
  sites: { site: string }[];
  pools: { pool: string; generation: string; site: string; sealed: boolean; decommissioned: boolean }[];
  deployments: Deployment[];
  policies: { policy: string; enabled: boolean }[];
  users: User[];
  categories: Category[];
  rooms: Room[];
  addIns: { deployment: string; addIn: string; url: string }[];
  /** What was attested and waived, all of it, in order. */
  saidOfGates: SaidOfGate[];
  /** Every migration there ever was, in order. */
  runs: Run[];
  saidOfFindings: SaidOfFinding[];
  /** What was carried over, and from where. */
  origins: { kind: string; target: string; thing: string; deployment: string; name: string }[];
}

export interface Run {
  migration: string;
  source: string;
  target: string;
  contentCutoff: string | null;
  lookupUri: string | null;
  backups: Record<string, string>;
  stopped: { source: boolean; target: boolean };
  targetRan: boolean;
  /** What the last event of each of these steps told. */
  exported: object | null;
  inspected: boolean;
  dryRun: { errors: number; warnings: number } | null;
  imported: { categories: number; rooms: number; addIns: number } | null;
  files: object | null;
  deletedAccounts: string[];
  verification: { conflicts: number } | null;
  closed: string | null;
  /** Who took each step, and when. */
  said: Record<string, { at: string; by: string }>;
  /** Folded names in the source. */
  carriedRooms: string[];
  carried: { categories: number; rooms: number; addIns: number };
  /** A batch was recorded. */
  hasCarried: boolean;
  /** Things that the carry-over has not come to yet. */
  remaining: number;
  /** Subjects that were overwritten, in order. */
  clashes: string[];
}

export interface SaidOfFinding {
  subject: string;
  finding: string;
  said: 'resolved' | 'waived';
  words: string;
  expiresAt: string | null;
  by: string;
  at: string;
}

export interface SaidOfGate {
  subject: string;
  gate: string;
  said: 'attested' | 'waived';
  /** The evidence, or the reason. */
  words: string;
  expiresAt: string | null;
  by: string;
  at: string;
}

export interface Deployment {
  deployment: string;
  generation: string;
  homedOn: string;
  name: string | null;
  sealed: boolean;
  decommissioned: boolean;
  endpoints: string[];
}

export interface User {
  user: string;
  displayName: string | null;
  guid: string | null;
  pool: string | null;
  granted: string | null;
  retired: boolean;
  connections: { client: string; deployment: string; since: string }[];
}

export interface Category {
  deployment: string;
  category: string;
  parent: string | null;
  invitations: boolean;
  fileUpload: boolean;
  chatHistory: boolean;
}

export interface Room {
  deployment: string;
  room: string;
  category: string;
  type: string;
  privacy: string;
  addIn: string | null;
  excluded: boolean;
}

export function emptyWorld(): World {
  return {
    sites: [],
    pools: [],
    deployments: [],
    policies: [{ policy: 'global', enabled: false }],
    users: [],
    categories: [],
    rooms: [],
    addIns: [],
    saidOfGates: [],
    runs: [],
    saidOfFindings: [],
    origins: [],
  };
}

/** Equal ignoring case: names of sites, tags, categories, rooms and add-ins. */
export function same(a: string | null | undefined, b: string | null | undefined): boolean {
  return (a ?? null) === null || (b ?? null) === null
    ? (a ?? null) === (b ?? null)
    : a!.toLowerCase() === b!.toLowerCase();
}

export const siteOf = (world: World, site: string) => world.sites.find((each) => same(each.site, site));
export const poolOf = (world: World, pool: string | null) => world.pools.find((each) => each.pool === pool);
export const deploymentOf = (world: World, deployment: string) =>
  world.deployments.find((each) => each.deployment === deployment);
export const policyOf = (world: World, policy: string) => world.policies.find((each) => same(each.policy, policy));
export const userOf = (world: World, user: string) => world.users.find((each) => each.user === user);
export const categoryOf = (world: World, deployment: string, category: string) =>
  world.categories.find((each) => each.deployment === deployment && same(each.category, category));
export const roomOf = (world: World, deployment: string, room: string) =>
  world.rooms.find((each) => each.deployment === deployment && same(each.room, room));
export const addInOf = (world: World, deployment: string, addIn: string) =>
  world.addIns.find((each) => each.deployment === deployment && same(each.addIn, addIn));

export const isLegacy = (generation: string) => generation !== 'lync-2013';

/** A complete override by the grant, else the site's of the home pool, else global. */
export function effectivePolicy(world: World, user: User): { policy: string; enabled: boolean } {
  const home = poolOf(world, user.pool);
  const granted = user.granted === null ? undefined : policyOf(world, user.granted);
  const ofSite = home && policyOf(world, `site:${home.site}`);
  const policy = granted ?? ofSite ?? policyOf(world, 'global');
  if (!policy) throw new Error('the global policy always exists');
  return policy;
}

/** Why a user is not ready: both reasons, separately. */
export function notReady(world: World, user: User): string[] {
  return [
    ...(poolOf(world, user.pool)?.generation === 'lync-2013' ? [] : ['client.not-homed-on-2013']),
    ...(effectivePolicy(world, user).enabled ? [] : ['client.policy-disabled']),
  ];
}

/** The rules by which a client of a known, not retired user does not reach a known deployment that is there. */
export function unreachable(world: World, user: User, client: string, deployment: Deployment | undefined): string[] {
  const persistentChat = deployment && !isLegacy(deployment.generation);
  if (client === 'lync-2013')
    return [...(deployment && !persistentChat ? ['client.other-generation'] : []), ...notReady(world, user)];
  return persistentChat && deployment.endpoints.length === 0 ? ['client.no-legacy-endpoint'] : [];
}
