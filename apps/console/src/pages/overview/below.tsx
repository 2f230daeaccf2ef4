import { useMay } from '../../api/use-session.js';
import type { Deployment, Pool } from '../../api/types.js';
import { Attention } from './attention.js';
import { Cutover } from './cutover.js';
import { LastChanges } from './last-changes.js';

interface BelowProps {
  readonly pools: readonly Pool[];
  readonly deployments: readonly Deployment[];
}

/** What the overview shows below the counts of the generations. */
export function Below({ pools, deployments }: BelowProps) {
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  return (
    <>
      <div className="two-columns">
        <Attention pools={pools} deployments={deployments} />
        {readsTimeline && <LastChanges />}
      </div>
      <Cutover pools={pools} />
    </>
  );
}
