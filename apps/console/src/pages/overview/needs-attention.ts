import type { Deployment, Pool, Run } from '../../api/types.js';

/** Why something wants a person. The words are the catalogue's: `attention.<reason>`. */
export type Reason =
  | 'sealedWithUsers'
  | 'openPoolEmpty'
  | 'gatesLeft'
  | 'clientsLeft'
  | 'noEndpoint'
  | 'policyOff'
  | 'runFailed'
  | 'runStopped';

export interface Attention {
  readonly subject: string;
  readonly reason: Reason;
  readonly count: number;
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
}

/** What stands in the way of the move, as far as the views tell; the nearest to its end first. */
export function needsAttention({ pools, deployments, runs }: Facts): readonly Attention[] {
  return [
    ...runs.flatMap(ofRun),
    ...pools.flatMap(ofPool),
    ...deployments.flatMap((deployment) => ofDeployment(deployment, deployments)),
  ];
}

function ofRun({ run, state, counts, finishedAt, startedAt }: Run): readonly Attention[] {
  const to = `/runs/${run}`;
  const failed = counts.refused + counts.invalid;
  if (state === 'stopped' || state === 'paused')
    return [{ subject: `run:${run}`, reason: 'runStopped', count: 1, since: finishedAt ?? startedAt, to }];
  return failed > 0
    ? [{ subject: `run:${run}`, reason: 'runFailed', count: failed, since: finishedAt ?? startedAt, to }]
    : [];
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
