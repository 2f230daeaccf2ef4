import { Tab, TabList } from '@fluentui/react-components';
import type { User } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { GenerationName, YesNo } from '../../ui/signs.js';
import { CommandButton } from '../../ui/command-button.js';
import { Facts } from '../../ui/facts.js';
import { Loaded } from '../../ui/loaded.js';
import { PageHeader } from '../../ui/page-header.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { writeQualifiers } from '../../ui/qualifiers.js';
import { TimelineList } from '../timeline/timeline-list.js';
import { AccessGrid } from './access-grid.js';
import { NotReady } from './not-ready.js';

/** One person: home, policy, whether ready and why not, what each client reaches, what was done. */
export function Page() {
  const t = useWords();
  const { user: id = '' } = useAddress().params;
  return (
    <Loaded<User> path={`/api/users/${encodeURIComponent(id)}`} kind={t('user')} title={id}>
      {(user, position) => <UserPage user={user} position={position} />}
    </Loaded>
  );
}

interface UserPageProps {
  readonly user: User;
  readonly position: string | null;
}

function UserPage({ user, position }: UserPageProps) {
  const t = useWords();
  const { search, change } = useAddress();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const address = user.user.replace(/^sip:/, '');
  const tab = search['tab'] ?? 'access';
  return (
    <div className="page">
      <PageHeader
        kind={t('user')}
        title={user.displayName ?? address}
        detail={address}
        position={position}
        badges={
          <YesNo
            value={user.ready}
            yes={t('users.isReady')}
            no={user.retired ? t('users.retired') : t('users.isNotReady')}
          />
        }
      >
        <CommandButton
          command="home-user"
          fields={{ user: address }}
          isPrimary={user.notReady.includes('client.not-homed-on-2013')}
        >
          {t('command.HomeUser')}
        </CommandButton>
        <CommandButton command="grant-policy" fields={{ user: address }}>
          {t('command.GrantPolicy')}
        </CommandButton>
        {user.granted !== null && (
          <CommandButton command="revoke-policy" fields={{ user: address }}>
            {t('command.RevokePolicy')}
          </CommandButton>
        )}
        <CommandButton command="connect-client" fields={{ user: address }}>
          {t('command.ConnectClient')}
        </CommandButton>
        <CommandButton
          command="retire-user"
          fields={{ user: address }}
          why={user.retired ? t('users.retiredAlready') : undefined}
        >
          {t('command.RetireUser')}
        </CommandButton>
      </PageHeader>
      {!user.ready && !user.retired && <NotReady user={user} />}
      <Facts
        label={t('user')}
        facts={[
          {
            name: t('field.home'),
            value: user.pool === null ? t('users.noHome') : <SubjectLink subject={`pool:${user.pool}`} short />,
          },
          { name: t('field.generation'), value: <GenerationName generation={user.generation} /> },
          { name: t('field.site'), value: user.site },
          {
            name: t('users.policy'),
            value: (
              <>
                <SubjectLink subject={`policy:${user.effectivePolicy.policy}`} short />{' '}
                <YesNo value={user.effectivePolicy.enabled} yes={t('policy.enabled')} no={t('policy.disabled')} />
                <div className="hint">{policySource(user, t)}</div>
              </>
            ),
          },
          { name: t('users.granted'), value: user.granted },
          { name: t('field.guid'), value: user.guid },
        ]}
      />
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => change({ tab: String(value) }, { replace: true })}>
        <Tab value="access">{t('user.access')}</Tab>
        {readsTimeline && <Tab value="timeline">{t('nav.timeline')}</Tab>}
      </TabList>
      {tab === 'access' && <AccessGrid user={user} />}
      {tab === 'timeline' && readsTimeline && (
        <TimelineList find={writeQualifiers([{ name: 'subject', value: `user:${user.user}`, exclude: false }])} />
      )}
    </div>
  );
}

function policySource({ granted, effectivePolicy: { policy }, site }: User, t: ReturnType<typeof useWords>): string {
  if (granted !== null) return t('policy.fromGrant');
  return policy.startsWith('site:') ? t('policy.fromSite', { site: site ?? '' }) : t('policy.fromGlobal');
}
