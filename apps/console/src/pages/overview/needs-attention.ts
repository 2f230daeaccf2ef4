import type { Deployment, Finding, Migration, Page, Pool, Projection, Run } from '../../api/types.js';

/** Why something wants a person. The words are the catalogue's: `attention.<reason>`. */
export type Reason =
  | 'sealedWithUsers'
  | 'openPoolEmpty'
  | 'gatesLeft'
  | 'clientsLeft'
  | 'noEndpoint'
  | 'policyOff'
  | 'runFailed'
  | 'runStopped'
  | 'runStuck'
  | 'findingErrors'
  | 'findingWarnings'
  | 'clientsNotPermitted'
  | 'migrationWaits'
  | 'viewFailed';

export interface Attention {
  readonly subject: string;
  /** Of a run: what its rows are. */
  readonly kind?: string;
  readonly reason: Reason;
  readonly count: number;
  /** What a migration waits for. */
  readonly step?: string;
  /** When it began, where that is known. */
  readonly since: string | null;
  /** What to do next: a page of the console. */
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

interface Facts {
  readonly pools: readonly Pool[];
  readonly deployments: readonly Deployment[];
  readonly runs: readonly Run[];
  readonly migrations: readonly Migration[];
  readonly projections: readonly Projection[];
  /** Open ones of severity `error`. */
  readonly errors: readonly Finding[];
  /** The first open ones of severity `warning`; those on users come last. */
  readonly warnings: Pick<Page<Finding>, 'items' | 'total'>;
}

/** What stands in the way of the move, as far as the views tell: what is broken, then what is nearest to its end. */
export function needsAttention(facts: Facts): readonly Attention[] {
  const { pools, deployments, runs, migrations, projections, errors, warnings } = facts;
  return [
    ...projections.flatMap(ofProjection),
    ...runs.flatMap(ofRun),
    ...bySubject(errors, 'findingErrors'),
    ...migrations.flatMap(ofMigration),
    ...pools.flatMap(ofPool),
    ...deployments.flatMap((deployment) => ofDeployment(deployment, deployments)),
    ...bySubject(
      warnings.items.filter(({ subject }) => !isOnUser(subject)),
      'findingWarnings',
    ),
    ...onUsers(warnings),
  ];
}

function ofProjection({ projection, state }: Projection): readonly Attention[] {
  const subject = `view:${projection}`;
  return state === 'failed' ? [{ subject, reason: 'viewFailed', count: 1, since: null, to: '/views' }] : [];
}

/** One entry for all that was found about a thing. */
function bySubject(findings: readonly Finding[], reason: 'findingErrors' | 'findingWarnings'): readonly Attention[] {
  const severity = reason === 'findingErrors' ? 'error' : 'warning';
  return Array.from(
    Map.groupBy(findings, ({ subject }) => subject),
    ([subject, found]) => ({
      subject,
      reason,
      count: found.length,
      since: null,
      to: '/findings',
      search: { find: `status:open severity:${severity} subject:${subject}` },
    }),
  );
}

const isOnUser = (subject: string): boolean => subject.startsWith('user:');

/** There may be thousands of them: they are counted, not listed. */
function onUsers({ items, total }: Facts['warnings']): readonly Attention[] {
  if (!items.some(({ subject }) => isOnUser(subject))) return [];
  const count = total - items.filter(({ subject }) => !isOnUser(subject)).length;
  const search = { find: 'status:open severity:warning' };
  return [{ subject: 'estate', reason: 'clientsNotPermitted', count, since: null, to: '/findings', search }];
}

/** A run of Microsoft's procedure goes on by people's hands alone. */
function ofMigration({ migration, state, steps }: Migration): readonly Attention[] {
  if (state === 'completed' || state === 'rolled-back') return [];
  const next = steps.find(({ status }) => status === 'next');
  if (!next) return [];
  const times = steps.flatMap(({ at }) => at ?? []).toSorted();
  return [
    {
      subject: `migration:${migration}`,
      reason: 'migrationWaits',
      count: 1,
      step: next.step,
      since: times.at(-1) ?? null,
      to: `/migrations/${migration}`,
    },
  ];
}

function ofRun({ run, kind, state, counts, finishedAt, startedAt, stuck }: Run): readonly Attention[] {
  const about = { subject: `run:${run}`, kind, to: `/runs/${run}` };
  if (stuck) return [{ ...about, reason: 'runStuck', count: 1, since: stuck.since }];
  const since = finishedAt ?? startedAt;
  if (state === 'stopped' || state === 'paused') return [{ ...about, reason: 'runStopped', count: 1, since }];
  const failed = counts.refused + counts.invalid;
  return failed > 0 ? [{ ...about, reason: 'runFailed', count: failed, since }] : [];
}

function ofPool({ pool, generation, status, users, openGates, deployments }: Pool): readonly Attention[] {
  const subject = `pool:${pool}`;
  const about = { subject, since: null };
  if (status === 'decommissioned') return [];
  if (generation === 'lync-2013') {
    const off = users.homed - users.enabled;
    return off > 0
      ? [{ ...about, reason: 'policyOff', count: off, to: '/users', search: { find: `pool:${pool} enabled:false` } }]
      : [];
  }
  if (status === 'sealed' && users.homed > 0)
    return [
      { ...about, reason: 'sealedWithUsers', count: users.homed, to: '/users', search: { find: `pool:${pool}` } },
    ];
  if (status === 'active' && users.homed === 0 && deployments.length === 0)
    return [{ ...about, reason: 'openPoolEmpty', count: 0, to: '/commands/seal-pool', search: { pool } }];
  if (status === 'sealed')
    return [{ ...about, reason: 'gatesLeft', count: openGates.length, to: `/pools/${pool}`, search: { tab: 'gates' } }];
  return [];
}

function ofDeployment(
  { deployment, generation, status, clients, legacyEndpoints, openGates }: Deployment,
  all: readonly Deployment[],
): readonly Attention[] {
  const subject = `deployment:${deployment}`;
  const about = { subject, since: null };
  if (status === 'decommissioned') return [];
  if (generation === 'lync-2013') {
    const legacyClients = all
      .filter((other) => other.generation !== 'lync-2013')
      .reduce((sum, other) => sum + other.clients['group-chat-2010'] + other.clients['group-chat-2007-r2'], 0);
    return legacyEndpoints.length === 0 && legacyClients > 0
      ? [
          {
            ...about,
            reason: 'noEndpoint',
            count: legacyClients,
            to: '/commands/add-legacy-endpoint',
            search: { deployment },
          },
        ]
      : [];
  }
  if (status !== 'sealed') return [];
  const connected = Object.values(clients).reduce((sum, count) => sum + count, 0);
  return [
    ...(connected > 0
      ? [
          {
            ...about,
            reason: 'clientsLeft' as const,
            count: connected,
            to: `/deployments/${deployment}`,
            search: { tab: 'clients' },
          },
        ]
      : []),
    ...(openGates.length > 0
      ? [
          {
            ...about,
            reason: 'gatesLeft' as const,
            count: openGates.length,
            to: `/deployments/${deployment}`,
            search: { tab: 'gates' },
          },
        ]
      : []),
  ];
}
