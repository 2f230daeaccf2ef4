import { runOfSource, unaccountedRooms } from './migration-views.js';
import { event, type Fields, judge, type Verdict } from './verdict.js';
import { deploymentOf, isLegacy, poolOf, type SaidOfGate, type World } from './world.js';

export interface Gate {
  readonly gate: string;
  readonly kind: 'computed' | 'attested';
  readonly status: 'met' | 'not-met' | 'waived' | 'unknown';
  /** Subjects that keep a computed gate from being met, where they can be named. */
  readonly offenders: readonly string[];
  /** What was said that makes an attested gate what it is. */
  readonly standing?: SaidOfGate | undefined;
}

const attestedOf = {
  deployment: ['group-chat-uninstalled', 'trusted-application-removed', 'backup-kept'],
  pool: [
    'contact-objects-moved',
    'conference-directories-moved',
    'central-management-moved',
    'call-admission-rehosted',
    'dns-records-updated',
  ],
};

/** The gates of a legacy pool or deployment as of an instant; undefined for everything else. */
export function gatesOf(world: World, subject: string, now: string): Gate[] | undefined {
  const [, kind, id] = /^([a-z-]+):(.*)$/.exec(subject) ?? [];
  if (kind === 'pool') {
    const pool = poolOf(world, id!);
    if (!pool || !isLegacy(pool.generation)) return undefined;
    const users = usersHomed(world, id!);
    const deployments = deploymentsHomed(world, id!);
    return [
      computed(
        'users-gone',
        users.length === 0,
        users.map((user) => `user:${user}`),
      ),
      computed(
        'deployments-gone',
        deployments.length === 0,
        deployments.map((deployment) => `deployment:${deployment}`),
      ),
      computed('sealed', pool.sealed),
      ...attestedOf.pool.map((gate) => attested(world, subject, gate, now)),
    ];
  }
  if (kind === 'deployment') {
    const deployment = deploymentOf(world, id!);
    if (!deployment || !isLegacy(deployment.generation)) return undefined;
    const rooms = world.rooms.filter((each) => each.deployment === id);
    const content = [
      ...rooms,
      ...world.categories.filter((each) => each.deployment === id),
      ...world.addIns.filter((each) => each.deployment === id),
    ];
    const connected = world.users.filter(({ connections }) => connections.some((each) => each.deployment === id));
    return [
      computed('migrated', content.length === 0 || runOfSource(world, id!)?.closed === 'completed'),
      computed('rooms-accounted', unaccountedRooms(world, id!).length === 0, unaccountedRooms(world, id!)),
      computed(
        'clients-gone',
        connected.length === 0,
        connected.map(({ user }) => `user:${user}`),
      ),
      computed('sealed', deployment.sealed),
      ...attestedOf.deployment.map((gate) => attested(world, subject, gate, now)),
    ];
  }
  return undefined;
}

export function openGates(world: World, subject: string, now: string): string[] {
  return (gatesOf(world, subject, now) ?? [])
    .filter(({ status }) => status === 'not-met' || status === 'unknown')
    .map(({ gate }) => gate);
}

const computed = (gate: string, met: boolean, offenders: readonly string[] = []): Gate => ({
  gate,
  kind: 'computed',
  status: met ? 'met' : 'not-met',
  offenders,
});

/** What was said last counts; a waiver that has lapsed leaves what was attested before. */
function attested(world: World, subject: string, gate: string, now: string): Gate {
  const said = saidOf(world, subject, gate);
  const last = said.at(-1);
  const waived = last?.said === 'waived' && (last.expiresAt === null || now < last.expiresAt);
  const standing = waived ? last : said.findLast((each) => each.said === 'attested');
  return { gate, kind: 'attested', status: waived ? 'waived' : standing ? 'met' : 'unknown', offenders: [], standing };
}

const saidOf = (world: World, subject: string, gate: string) =>
  world.saidOfGates.filter((each) => each.subject === subject && each.gate === gate);

export const usersHomed = (world: World, pool: string) =>
  world.users.filter((user) => !user.retired && user.pool === pool).map(({ user }) => user);
export const deploymentsHomed = (world: World, pool: string) =>
  world.deployments.filter((each) => each.homedOn === pool && !each.decommissioned).map(({ deployment }) => deployment);

/** Contract §2.4. */
export const gateRules: Readonly<Record<string, (world: World, fields: Fields, now: string) => Verdict>> = {
  DecommissionDeployment: (world, { deployment }, now) => {
    const known = deploymentOf(world, deployment);
    if (!known) return judge({ always: ['topology.unknown-deployment'], events: [] });
    if (!isLegacy(known.generation)) return judge({ always: ['decommission.not-legacy'], events: [] });
    const open = openGates(world, `deployment:${deployment}`, now);
    return judge({
      always: [],
      unlessHeld: [
        !known.sealed && 'decommission.not-sealed',
        open.length > 0 && { rule: 'decommission.gates-open', facts: { gates: open } },
      ],
      events: known.decommissioned
        ? []
        : [event('DeploymentDecommissioned', { deployment, gates: snapshot(world, `deployment:${deployment}`, now) })],
    });
  },

  DecommissionPool: (world, { pool }, now) => {
    const known = poolOf(world, pool);
    if (!known) return judge({ always: ['topology.unknown-pool'], events: [] });
    if (!isLegacy(known.generation)) return judge({ always: ['decommission.not-legacy'], events: [] });
    const open = openGates(world, `pool:${pool}`, now);
    const users = usersHomed(world, pool);
    const deployments = deploymentsHomed(world, pool);
    return judge({
      always: [],
      unlessHeld: [
        !known.sealed && 'decommission.not-sealed',
        users.length > 0 && { rule: 'decommission.users-homed', facts: { count: users.length } },
        deployments.length > 0 && { rule: 'decommission.deployments-homed', facts: { deployments } },
        open.length > 0 && { rule: 'decommission.gates-open', facts: { gates: open } },
      ],
      events: known.decommissioned
        ? []
        : [event('PoolDecommissioned', { pool, gates: snapshot(world, `pool:${pool}`, now) })],
    });
  },

  AttestGate: (world, { subject, gate, evidence }, now) => {
    const last = saidOf(world, subject, gate).at(-1);
    return judge({
      always: [unknownSubject(world, subject) ?? aboutGate(world, subject, gate, now, 'gate.computed')],
      events:
        last?.said === 'attested' && last.words === evidence
          ? []
          : [event('GateAttested', { subject, gate, evidence })],
    });
  },
  WaiveGate: (world, { subject, gate, reason, expiresAt = null }, now) => {
    const last = saidOf(world, subject, gate).at(-1);
    return judge({
      always: [unknownSubject(world, subject) ?? aboutGate(world, subject, gate, now, 'gate.not-waivable')],
      events:
        last?.said === 'waived' && last.words === reason && last.expiresAt === expiresAt
          ? []
          : [event('GateWaived', { subject, gate, reason, expiresAt })],
    });
  },
};

const snapshot = (world: World, subject: string, now: string) =>
  (gatesOf(world, subject, now) ?? []).map(({ gate, status }) => ({ gate, status }));

function unknownSubject(world: World, subject: string): string | undefined {
  const [kind, ...id] = subject.split(':');
  if (kind === 'pool' && !poolOf(world, id.join(':'))) return 'topology.unknown-pool';
  if (kind === 'deployment' && !deploymentOf(world, id.join(':'))) return 'topology.unknown-deployment';
  return undefined;
}

function aboutGate(world: World, subject: string, gate: string, now: string, ofComputed: string): string | undefined {
  const known = gatesOf(world, subject, now)?.find((each) => each.gate === gate);
  if (!known) return 'gate.unknown';
  return known.kind === 'computed' ? ofComputed : undefined;
}
