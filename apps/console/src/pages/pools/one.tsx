import { Tab, TabList } from '@fluentui/react-components';
import { useParams } from '@tanstack/react-router';
import type { Pool } from '../../api/types.js';
import { useMay } from '../../api/session.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { GenerationName, StatusBadge } from '../../ui/badges.js';
import { CommandButton } from '../../ui/command-button.js';
import { Facts } from '../../ui/facts.js';
import { Failure } from '../../ui/failure.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { writeQualifiers } from '../../ui/qualifiers.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { usersAddress } from '../../ui/subject.js';
import { Waiting } from '../../ui/waiting.js';
import { gatesOf, openGates } from '../gates/gate-counts.js';
import { GatesChecklist } from '../gates/gates-checklist.js';
import { TimelineList } from '../timeline/timeline-list.js';
import { UsersGrid } from '../users/users-grid.js';

export function Page() {
  const t = useWords();
  const { pool: id = '' } = useParams({ strict: false }) as { pool?: string };
  const { search, change } = useAddress();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const { data, error, refetch } = useView<Pool>(`/api/pools/${encodeURIComponent(id)}`);
  if (error)
    return (
      <div className="page">
        <PageHeader kind={t('field.pool')} title={id} />
        <Failure error={error} again={() => void refetch()} />
      </div>
    );
  if (!data) return <Waiting />;
  const pool = data.body;
  const isLegacy = pool.generation !== 'lync-2013';
  const tab = search['tab'] ?? 'summary';
  const fields = { pool: pool.pool };
  const why = pool.status === 'decommissioned' ? t('pools.goneAlready') : undefined;
  return (
    <div className="page">
      <PageHeader
        kind={t('field.pool')}
        title={pool.pool}
        position={data.position}
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
              value: (
                <>
                  <PageLink {...usersAddress({ pool: pool.pool })}>
                    {t('counts.homedN', { count: pool.users.homed })}
                  </PageLink>
                  {' · '}
                  <PageLink {...usersAddress({ pool: pool.pool, enabled: 'true' })}>
                    {t('counts.enabledN', { count: pool.users.enabled })}
                  </PageLink>
                  {' · '}
                  <PageLink {...usersAddress({ pool: pool.pool, ready: 'true' })}>
                    {t('counts.readyN', { count: pool.users.ready })}
                  </PageLink>
                </>
              ),
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
            ...(isLegacy ? [{ name: t('gates.title'), value: openGates(t, pool, gatesOf.pool) }] : []),
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
