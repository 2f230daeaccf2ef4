import type { Client, Deployment } from '../../api/types.js';

export type Condition = 'gone' | 'ready' | 'otherGeneration' | 'always' | 'throughEndpoint' | 'needsEndpoint';

/** Whether a client reaches a deployment, as contract §2.1 rules it (`ConnectClient`). */
export function coexistenceOf(
  client: Client,
  { generation, status, legacyEndpoints }: Pick<Deployment, 'generation' | 'status' | 'legacyEndpoints'>,
): { readonly reaches: boolean; readonly condition: Condition } {
  if (status === 'decommissioned') return { reaches: false, condition: 'gone' };
  if (client === 'lync-2013')
    return generation === 'lync-2013'
      ? { reaches: true, condition: 'ready' }
      : { reaches: false, condition: 'otherGeneration' };
  if (generation !== 'lync-2013') return { reaches: true, condition: 'always' };
  return legacyEndpoints.length > 0
    ? { reaches: true, condition: 'throughEndpoint' }
    : { reaches: false, condition: 'needsEndpoint' };
}
