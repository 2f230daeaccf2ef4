import { useAll } from '../../api/views.js';
import type { Deployment, Pool } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { DrawnPart } from '../../shell/drawn-part.js';
import { part } from '../../shell/part.js';
import { useDrawn } from '../../ui/drawn.js';
import { Failure } from '../../ui/failure.js';
import { PageHeader } from '../../ui/page-header.js';
import { Waiting } from '../../ui/waiting.js';
import { Generations } from './generations.js';

// Below what is in sight first.
const belowPart = part(async () => (await import('./below.js')).Below);
const emptyEstatePart = part(async () => (await import('./empty-estate.js')).EmptyEstate);

/** Where the move stands, at one look. */
export function Page() {
  const t = useWords();
  const pools = useAll<Pool>('/api/pools');
  const deployments = useAll<Deployment>('/api/deployments');
  const isDrawn = useDrawn();
  const error = pools.error ?? deployments.error;
  if (error)
    return (
      <div className="page">
        <Failure error={error} again={() => void Promise.all([pools.refetch(), deployments.refetch()])} />
      </div>
    );
  if (!pools.data || !deployments.data) return <Waiting />;
  const estate = { pools: pools.data.body.items, deployments: deployments.data.body.items };
  return (
    <div className="page">
      <PageHeader title={t('nav.overview')} detail={t('overview.detail')} position={pools.data.position} />
      {estate.pools.length === 0 ? (
        <DrawnPart part={emptyEstatePart} given={{}} />
      ) : (
        <>
          <Generations {...estate} />
          {isDrawn && <DrawnPart part={belowPart} given={estate} />}
        </>
      )}
    </div>
  );
}
