import { Tab, TabList } from '@fluentui/react-components';
import type { Pool } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { StatusBadge } from '../../ui/badges.js';
import { GenerationName } from '../../ui/signs.js';
import { CommandButton } from '../../ui/command-button.js';
import { Facts } from '../../ui/facts.js';
import { Loaded } from '../../ui/loaded.js';
import { PageHeader } from '../../ui/page-header.js';
import { writeQualifiers } from '../../ui/qualifiers.js';
import { PageLink } from '../../ui/page-link.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { UserCounts } from '../../ui/user-counts.js';
import { gatesOf, openGates } from '../../ui/open-gates.js';
import { GatesChecklist } from '../gates/gates-checklist.js';
import { TimelineList } from '../timeline/timeline-list.js';
import { UsersGrid } from '../users/users-grid.js';

export function Page() {
  const t = useWords();
  const { pool: id = '' } = useAddress().params;
  return (
    <Loaded<Pool> path={`/api/pools/${encodeURIComponent(id)}`} kind={t('field.pool')} title={id}>
      {(pool, position) => <PoolPage pool={pool} position={position} />}
    </Loaded>
  );
}

interface PoolPageProps {
  readonly pool: Pool;
  readonly position: string | null;
}

function PoolPage({ pool, position }: PoolPageProps) {
  const t = useWords();
  const { search, change } = useAddress();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const isLegacy = pool.generation !== 'lync-2013';
  const tab = search['tab'] ?? 'summary';
  const fields = { pool: pool.pool };
  const why = pool.status === 'decommissioned' ? t('pools.goneAlready') : undefined;
  return (
    <div className="page">
      <PageHeader
        kind={t('field.pool')}
        title={pool.pool}
        position={position}
        badges={<StatusBadge status={pool.status} />}
      >
        {pool.status === 'sealed' ? (
          <CommandButton command="unseal-pool" fields={fields}>
            {t('command.UnsealPool')}
          </CommandButton>
        ) : (
          <CommandButton command="seal-pool" fields={fields} why={why}>
            {t('command.SealPool')}
          </CommandButton>
        )}
        {isLegacy && (
          <CommandButton command="decommission-pool" role="approver" fields={fields} why={why}>
            {t('command.DecommissionPool')}
          </CommandButton>
        )}
      </PageHeader>
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => change({ tab: String(value) }, { replace: true })}>
        <Tab value="summary">{t('tab.summary')}</Tab>
        <Tab value="users">{t('tab.users', { count: pool.users.homed })}</Tab>
        {isLegacy && <Tab value="gates">{t('tab.gates', { met: openGates(t, pool, gatesOf.pool) })}</Tab>}
        {readsTimeline && <Tab value="timeline">{t('nav.timeline')}</Tab>}
      </TabList>
      {tab === 'summary' && (
        <Facts
          label={t('tab.summary')}
          facts={[
            { name: t('field.generation'), value: <GenerationName generation={pool.generation} /> },
            { name: t('field.site'), value: pool.site },
            {
              name: t('counts.users'),
              value: <UserCounts pool={pool.pool} users={pool.users} />,
            },
            {
              name: t('nav.deployments'),
              value:
                pool.deployments.length === 0
                  ? '—'
                  : pool.deployments.map((each) => (
                      <div key={each}>
                        <SubjectLink subject={`deployment:${each}`} short />
                      </div>
                    )),
            },
            ...(isLegacy
              ? [
                  {
                    name: t('gates.title'),
                    value: (
                      <PageLink to={`/pools/${encodeURIComponent(pool.pool)}`} search={{ tab: 'gates' }}>
                        {openGates(t, pool, gatesOf.pool)}
                      </PageLink>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {tab === 'users' && <UsersGrid find={writeQualifiers([{ name: 'pool', value: pool.pool, exclude: false }])} />}
      {tab === 'gates' && isLegacy && (
        <GatesChecklist subject={`pool:${pool.pool}`} isDecommissioned={pool.status === 'decommissioned'} />
      )}
      {tab === 'timeline' && readsTimeline && (
        <TimelineList find={writeQualifiers([{ name: 'subject', value: `pool:${pool.pool}`, exclude: false }])} />
      )}
    </div>
  );
}
