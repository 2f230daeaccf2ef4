import { Tab, TabList } from '@fluentui/react-components';
import type { Deployment } from '../../api/types.js';
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
import { ContentGrid } from '../content/content-grid.js';
import { gatesOf, openGates } from '../../ui/open-gates.js';
import { GatesChecklist } from '../gates/gates-checklist.js';
import { TimelineList } from '../timeline/timeline-list.js';
import { UsersGrid } from '../users/users-grid.js';
import { Coexistence } from './coexistence.js';
import { MigrationOfDeployment } from './migration-of-deployment.js';

export function Page() {
  const t = useWords();
  const { deployment: id = '' } = useAddress().params;
  return (
    <Loaded<Deployment> path={`/api/deployments/${encodeURIComponent(id)}`} kind={t('field.deployment')} title={id}>
      {(deployment, position) => <DeploymentPage deployment={deployment} position={position} />}
    </Loaded>
  );
}

interface DeploymentPageProps {
  readonly deployment: Deployment;
  readonly position: string | null;
}

function DeploymentPage({ deployment, position }: DeploymentPageProps) {
  const t = useWords();
  const { search, change } = useAddress();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const { status, generation, homedOn, users, content } = deployment;
  const isLegacy = generation !== 'lync-2013';
  const tab = search['tab'] ?? 'summary';
  return (
    <div className="page">
      <PageHeader
        kind={t('field.deployment')}
        title={deployment.name ?? deployment.deployment}
        detail={deployment.name === null ? undefined : deployment.deployment}
        position={position}
        badges={<StatusBadge status={status} />}
      >
        <DeploymentActions deployment={deployment} />
      </PageHeader>
      <TabList
        selectedValue={tab}
        onTabSelect={(_, { value }) =>
          change({ tab: String(value), find: undefined, show: undefined }, { replace: true })
        }
      >
        <Tab value="summary">{t('tab.summary')}</Tab>
        <Tab value="users">{t('tab.users', { count: users.homed })}</Tab>
        <Tab value="content">{t('tab.content', { count: content.rooms })}</Tab>
        <Tab value="clients">{t('tab.clients')}</Tab>
        {isLegacy && <Tab value="gates">{t('tab.gates', { met: openGates(t, deployment, gatesOf.deployment) })}</Tab>}
        {deployment.migration !== null && <Tab value="migration">{t('field.migration')}</Tab>}
        {readsTimeline && <Tab value="timeline">{t('nav.timeline')}</Tab>}
      </TabList>
      {tab === 'summary' && (
        <Facts
          label={t('tab.summary')}
          facts={[
            { name: t('field.generation'), value: <GenerationName generation={generation} /> },
            { name: t('field.homedOn'), value: <SubjectLink subject={`pool:${homedOn}`} short /> },
            { name: t('field.site'), value: deployment.site },
            {
              name: t('counts.users'),
              value: <UserCounts pool={homedOn} users={users} />,
            },
            {
              name: t('counts.content'),
              value: <ContentCounts deployment={deployment.deployment} content={content} />,
            },
            { name: t('field.legacyEndpoints'), value: deployment.legacyEndpoints.join(', ') || '—' },
            ...(isLegacy
              ? [
                  {
                    name: t('gates.title'),
                    value: (
                      <PageLink
                        to={`/deployments/${encodeURIComponent(deployment.deployment)}`}
                        search={{ tab: 'gates' }}
                      >
                        {openGates(t, deployment, gatesOf.deployment)}
                      </PageLink>
                    ),
                  },
                ]
              : []),
            ...(deployment.migration === null
              ? []
              : [
                  {
                    name: t('field.migration'),
                    value: <SubjectLink subject={`migration:${deployment.migration}`} short />,
                  },
                ]),
          ]}
        />
      )}
      {tab === 'users' && <UsersGrid find={writeQualifiers([{ name: 'pool', value: homedOn, exclude: false }])} />}
      {tab === 'content' && <ContentGrid deployment={deployment.deployment} />}
      {tab === 'clients' && <Coexistence deployment={deployment} />}
      {tab === 'gates' && isLegacy && (
        <GatesChecklist
          subject={`deployment:${deployment.deployment}`}
          isDecommissioned={status === 'decommissioned'}
        />
      )}
      {tab === 'migration' && deployment.migration !== null && (
        <MigrationOfDeployment migration={deployment.migration} />
      )}
      {tab === 'timeline' && readsTimeline && (
        <TimelineList
          find={writeQualifiers([{ name: 'subject', value: `deployment:${deployment.deployment}`, exclude: false }])}
        />
      )}
    </div>
  );
}

interface ContentCountsProps {
  readonly deployment: string;
  readonly content: Deployment['content'];
}

function ContentCounts({ deployment, content }: ContentCountsProps) {
  const t = useWords();
  const { categories, rooms, excludedRooms, addIns } = content;
  const to = (show: string, find?: string) => ({ to: '/content', search: { deployment, show, ...(find && { find }) } });
  return (
    <span className="counts">
      <PageLink {...to('categories')}>{t('counts.categoriesN', { count: categories })}</PageLink>
      {'\u00a0· '}
      <PageLink {...to('rooms')}>{t('overview.rooms', { count: rooms })}</PageLink>
      {excludedRooms > 0 && (
        <>
          {'\u00a0· '}
          <PageLink {...to('rooms', 'excluded:true')}>{t('counts.excludedN', { count: excludedRooms })}</PageLink>
        </>
      )}
      {'\u00a0· '}
      <PageLink {...to('add-ins')}>{t('counts.addInsN', { count: addIns })}</PageLink>
    </span>
  );
}

function DeploymentActions({ deployment: { deployment, status, generation } }: { readonly deployment: Deployment }) {
  const t = useWords();
  const why = status === 'decommissioned' ? t('deployments.goneAlready') : undefined;
  const fields = { deployment };
  return (
    <>
      {status === 'sealed' ? (
        <CommandButton command="unseal-deployment" fields={fields}>
          {t('command.UnsealDeployment')}
        </CommandButton>
      ) : (
        <CommandButton command="seal-deployment" fields={fields} why={why}>
          {t('command.SealDeployment')}
        </CommandButton>
      )}
      <CommandButton command="rehome-deployment" fields={fields} why={why}>
        {t('command.RehomeDeployment')}
      </CommandButton>
      {generation === 'lync-2013' ? (
        <CommandButton command="add-legacy-endpoint" fields={fields}>
          {t('command.AddLegacyEndpoint')}
        </CommandButton>
      ) : (
        <CommandButton command="decommission-deployment" role="approver" fields={fields} why={why}>
          {t('command.DecommissionDeployment')}
        </CommandButton>
      )}
    </>
  );
}
