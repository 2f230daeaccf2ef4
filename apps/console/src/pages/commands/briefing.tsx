import { useDeferredValue } from 'react';
import type { Page, Policy, Pool, User } from '../../api/types.js';
import { useAll, useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { StatusBadge } from '../../ui/badges.js';
import { GenerationName, YesNo } from '../../ui/signs.js';
import { Facts } from '../../ui/facts.js';
import { PageLink } from '../../ui/page-link.js';
import { usersAddress } from '../../ui/subject.js';
import { GatesChecklist } from '../gates/gates-checklist.js';
import type { Draft } from './body-of.js';

interface BriefingProps {
  readonly command: string;
  readonly draft: Draft;
}

const fqdn = /^[^\s.]+(\.[^\s.]+)+$/;

/** What one wants to know before giving one of the daily commands. */
export function Briefing({ command, draft }: BriefingProps) {
  const settled = useDeferredValue(draft);
  const pool = settled['pool'] ?? '';
  const policy = settled['policy'] ?? '';
  const deployment = settled['deployment'] ?? '';
  if (command === 'HomeUser') return <HomeUserBriefing draft={settled} />;
  if (command === 'EnablePolicy' || command === 'DisablePolicy')
    return policy === '' ? null : <PolicyBriefing policy={policy} enables={command === 'EnablePolicy'} />;
  if (command === 'SealPool' && fqdn.test(pool)) return <SealPoolBriefing pool={pool} />;
  if (command === 'DecommissionPool' && fqdn.test(pool))
    return <LeavingBriefing subject={`pool:${pool.toLowerCase()}`} />;
  if ((command === 'DecommissionDeployment' || command === 'SealDeployment') && fqdn.test(deployment))
    return <LeavingBriefing subject={`deployment:${deployment.toLowerCase()}`} />;
  return null;
}

function HomeUserBriefing({ draft }: { readonly draft: Draft }) {
  const t = useWords();
  const address = (draft['user'] ?? '').trim();
  const { data } = useView<User>(
    `/api/users/${encodeURIComponent(address)}`,
    {},
    { enabled: address.includes('@') && !address.endsWith('@') },
  );
  const pools = useAll<Pool>('/api/pools');
  const user = address.includes('@') ? data?.body : undefined;
  const target = pools.data?.body.items.find(({ pool }) => pool === draft['pool']?.trim().toLowerCase());
  if (!user && !target) return null;
  return (
    <section className="card briefing" aria-label={t('briefing.title')}>
      <h2>{t('briefing.title')}</h2>
      {user && (
        <Facts
          label={user.user}
          facts={[
            { name: t('user'), value: `${user.displayName ?? ''} ${user.user.replace(/^sip:/, '')}` },
            { name: t('briefing.homeNow'), value: user.pool ?? t('users.noHome') },
            {
              name: t('users.policy'),
              value: (
                <YesNo
                  value={user.effectivePolicy.enabled}
                  yes={user.effectivePolicy.policy}
                  no={user.effectivePolicy.policy}
                />
              ),
            },
            {
              name: t('users.clients'),
              value:
                user.clients
                  .map(({ client, deployment }) => `${t.named('client', client)} → ${deployment}`)
                  .join(', ') || '—',
            },
          ]}
        />
      )}
      {target && (
        <Facts
          label={target.pool}
          facts={[
            { name: t('briefing.target'), value: target.pool },
            { name: t('field.generation'), value: <GenerationName generation={target.generation} /> },
            { name: t('field.site'), value: target.site },
            { name: t('field.status'), value: <StatusBadge status={target.status} /> },
            { name: t('counts.homed'), value: t.count(target.users.homed) },
          ]}
        />
      )}
      <p className="hint">{t('briefing.homing')}</p>
    </section>
  );
}

function PolicyBriefing({ policy, enables }: { readonly policy: string; readonly enables: boolean }) {
  const t = useWords();
  const policies = useAll<Policy>('/api/policies');
  const known = policies.data?.body.items.find((each) => each.policy.toLowerCase() === policy.toLowerCase());
  const on2013 = useView<Page<User>>(
    '/api/users',
    { policy: known?.policy, generation: 'lync-2013', limit: '1' },
    { enabled: known !== undefined },
  );
  if (!known) return null;
  const total = on2013.data?.body.total ?? 0;
  return (
    <section className="card briefing" aria-label={t('briefing.title')}>
      <h2>{t('briefing.title')}</h2>
      <p>
        <PageLink {...usersAddress({ policy: known.policy })}>
          {t('briefing.policyFor', { count: known.effectiveFor })}
        </PageLink>{' '}
        <YesNo value={known.enabled} yes={t('policy.enabled')} no={t('policy.disabled')} />
      </p>
      {known.enabled === enables ? (
        <p>{t(enables ? 'briefing.enabledAlready' : 'briefing.disabledAlready')}</p>
      ) : (
        <p>{t(enables ? 'briefing.becomeReady' : 'briefing.loseReady', { count: total })}</p>
      )}
    </section>
  );
}

function SealPoolBriefing({ pool }: { readonly pool: string }) {
  const t = useWords();
  const { data } = useView<Pool>(`/api/pools/${encodeURIComponent(pool)}`);
  if (!data) return null;
  const { users, deployments, status } = data.body;
  return (
    <section className="card briefing" aria-label={t('briefing.title')}>
      <h2>
        {t('briefing.title')} <StatusBadge status={status} />
      </h2>
      <p>{t('briefing.seal', { users: users.homed, deployments: deployments.length })}</p>
      <p>
        <PageLink {...usersAddress({ pool: data.body.pool })}>
          {t('briefing.sealUsers', { count: users.homed })}
        </PageLink>
      </p>
    </section>
  );
}

function LeavingBriefing({ subject }: { readonly subject: string }) {
  const t = useWords();
  return (
    <section className="card briefing" aria-label={t('gates.title')}>
      <h2>{t('gates.title')}</h2>
      <GatesChecklist subject={subject} isDecommissioned />
    </section>
  );
}
