import { type Deployment, type Generation, generations, type Pool } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { GenerationName } from '../../ui/signs.js';
import { PageLink } from '../../ui/page-link.js';
import { type PageAddress, usersAddress } from '../../ui/subject.js';

interface Estate {
  readonly pools: readonly Pool[];
  readonly deployments: readonly Deployment[];
}

/** The three generations as columns, in the order of time. */
export function Generations({ pools, deployments }: Estate) {
  const t = useWords();
  return (
    <section aria-label={t('overview.generations')} className="generations">
      {generations.map((generation) => (
        <GenerationCard
          key={generation}
          generation={generation}
          pools={pools.filter((pool) => pool.generation === generation)}
          deployments={deployments.filter((deployment) => deployment.generation === generation)}
          everybody={sum(pools, ({ users }) => users.homed)}
        />
      ))}
    </section>
  );
}

interface GenerationCardProps extends Estate {
  readonly generation: Generation;
  readonly everybody: number;
}

function GenerationCard({ generation, pools, deployments, everybody }: GenerationCardProps) {
  const t = useWords();
  const homed = sum(pools, ({ users }) => users.homed);
  const ready = sum(pools, ({ users }) => users.ready);
  const rooms = sum(deployments, ({ content }) => content.rooms);
  const isTarget = generation === 'lync-2013';
  const standing = pools.filter(({ status }) => status !== 'decommissioned').length;
  const share = everybody === 0 ? 0 : homed / everybody;
  const users = usersAddress({ generation });
  return (
    <article className={`generation-card ${generation}`} aria-label={t.named('generation', generation)}>
      <h2>
        <GenerationName generation={generation} />
      </h2>
      <PageLink {...users} className="big-count">
        <b>{t.count(homed)}</b> <span>{t('overview.usersHomed', { count: homed })}</span>
      </PageLink>
      <div className="share" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <div className="share-text">{t('overview.share', { share: t.percent(share) })}</div>
      <ul className="card-counts">
        {isTarget && (
          <li>
            <PageLink {...usersAddress({ generation, ready: 'true' })}>
              {t('overview.ready', { count: ready })}
            </PageLink>
          </li>
        )}
        {isTarget && homed - ready > 0 && (
          <li>
            <PageLink {...usersAddress({ generation, ready: 'false' })}>
              {t('overview.notReady', { count: homed - ready })}
            </PageLink>
          </li>
        )}
        <li>
          <PageLink to="/pools" search={{ find: `generation:${generation}` }}>
            {t('overview.pools', { count: pools.length })}
          </PageLink>
        </li>
        <li>
          <PageLink to="/deployments" search={{ find: `generation:${generation}` }}>
            {t('overview.deployments', { count: deployments.length })}
          </PageLink>
        </li>
        <li>
          <PageLink {...roomsAddress(generation, deployments)}>{t('overview.rooms', { count: rooms })}</PageLink>
        </li>
      </ul>
      {!isTarget && pools.length + deployments.length > 0 && (
        <p className="remains">
          {pools.length > 0 && standing === 0 ? (
            t('overview.gone')
          ) : (
            <>
              {t('overview.remains')} <PageLink {...users}>{t('overview.usersLeft', { count: homed })}</PageLink>
              {', '}
              <PageLink to="/pools" search={{ find: `generation:${generation}` }}>
                {t('overview.poolGates', { count: gatesOf(pools) })}
              </PageLink>
              {', '}
              <PageLink to="/deployments" search={{ find: `generation:${generation}` }}>
                {t('overview.deploymentGates', { count: gatesOf(deployments) })}
              </PageLink>
            </>
          )}
        </p>
      )}
    </article>
  );
}

/** Rooms are listed by deployment; of several, their counts are. */
function roomsAddress(generation: Generation, deployments: readonly Deployment[]): PageAddress {
  const [only, ...others] = deployments;
  return only && others.length === 0
    ? { to: '/content', search: { deployment: only.deployment } }
    : { to: '/deployments', search: { find: `generation:${generation}` } };
}

function gatesOf(things: readonly { readonly openGates: readonly string[] }[]): number {
  return sum(things, ({ openGates }) => openGates.length);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
