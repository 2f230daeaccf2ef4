import type { DomainEvent, Write } from '#kernel';
import { policyStream } from '#policy';
import { deploymentStream, poolStream } from '#topology';
import { happened } from '../../kernel/src/testing.js';
import { userStream } from './user.js';

/** Events of the given side of this context's specs. */
export const alice = 'sip:alice@contoso.com';
export const pool13 = 'pool13.contoso.com';
export const pool13b = 'pool13b.contoso.com';
export const ocs01 = 'ocs01.contoso.com';
export const chat13 = 'chat13.contoso.com';
export const chat13b = 'chat13b.contoso.com';
export const gchat07 = 'gchat07.contoso.com';

export const poolOf = (pool: string, generation: string, site: string, ...events: readonly DomainEvent[]): Write =>
  happened(poolStream(pool), { type: 'PoolRegistered', data: { pool, generation, site } }, ...events);
export const sealed = (pool: string): DomainEvent => ({ type: 'PoolSealed', data: { pool } });
export const gone = (pool: string): DomainEvent => ({ type: 'PoolDecommissioned', data: { pool, gates: [] } });

export const deploymentOf = (
  deployment: string,
  generation: string,
  homedOn: string,
  ...events: readonly DomainEvent[]
): Write =>
  happened(
    deploymentStream(deployment),
    { type: 'DeploymentRegistered', data: { deployment, generation, homedOn } },
    ...events,
  );
export const endpoint = (deployment: string): DomainEvent => ({
  type: 'LegacyEndpointAdded',
  data: { deployment, uri: 'sip:ocschat@contoso.com' },
});

export const policyOf = (policy: string, enabled: boolean, ...events: readonly DomainEvent[]): Write =>
  happened(policyStream(policy), { type: 'PolicyCreated', data: { policy, enabled } }, ...events);
export const globalEnabled = happened(policyStream('global'), { type: 'PolicyEnabled', data: { policy: 'global' } });

/** Alice, enrolled, and what happened to her since. */
export const aliceWith = (...events: readonly DomainEvent[]): Write =>
  happened(userStream(alice), { type: 'UserEnrolled', data: { user: alice, displayName: 'Alice Ames' } }, ...events);
export const homed = (to: string, from: string | null = null): DomainEvent => ({
  type: 'UserHomed',
  data: { user: alice, from, to },
});
export const retired: DomainEvent = { type: 'UserRetired', data: { user: alice } };
export const granted = (policy: string): DomainEvent => ({ type: 'PolicyGranted', data: { user: alice, policy } });
export const revoked = (policy: string, because = 'asked'): DomainEvent => ({
  type: 'PolicyRevoked',
  data: { user: alice, policy, because },
});
export const connected = (client: string, deployment: string): DomainEvent => ({
  type: 'ClientConnected',
  data: { user: alice, client, deployment },
});
export const disconnected = (client: string, deployment: string, because: string): DomainEvent => ({
  type: 'ClientDisconnected',
  data: { user: alice, client, deployment, because },
});

/** Two Lync 2013 pools in two sites and one of OCS 2007 R2, each with its chat. */
export const estate: readonly Write[] = [
  poolOf(pool13, 'lync-2013', 'Redmond'),
  poolOf(pool13b, 'lync-2013', 'Saint Petersburg'),
  poolOf(ocs01, 'ocs-2007-r2', 'Redmond'),
  deploymentOf(chat13, 'lync-2013', pool13),
  deploymentOf(chat13b, 'lync-2013', pool13b, endpoint(chat13b)),
  deploymentOf(gchat07, 'ocs-2007-r2', ocs01),
];
