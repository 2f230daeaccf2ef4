import { Badge } from '@fluentui/react-components';
import type { Plan } from '../../api/types.js';
import { useMoment } from '../../moment/moment.js';
import { changedText } from '../../ui/change-words.js';
import { kindName } from '../../ui/command-name.js';
import { useAddress } from '../../shell/address.js';
import { useWords } from '../../i18n/i18n.js';
import { Facts } from '../../ui/facts.js';
import { Loaded } from '../../ui/loaded.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { Rule } from '../../ui/rule.js';
import { PastNotice } from '../commands/past-notice.js';
import { ApplyPlan } from './apply-plan.js';
import { PlanRows } from './plan-rows.js';
import { Message } from '../../ui/message.js';

/** What many rows would do, exactly; applied is this and nothing else. */
export function Page() {
  const t = useWords();
  const { plan: id = '' } = useAddress().params;
  return (
    <Loaded<Plan> path={`/api/plans/${encodeURIComponent(id)}`} kind={t('plan.title')} title={id}>
      {(plan) => <PlanPage plan={plan} />}
    </Loaded>
  );
}

function PlanPage({ plan }: { readonly plan: Plan }) {
  const t = useWords();
  const { isPast } = useMoment();
  const { counts, reasons, events, state, run } = plan;
  return (
    <div className="page list-page">
      <PageHeader
        kind={t('plan.title')}
        title={kindName(t, plan.kind)}
        detail={t('plan.madeFor', { at: t.time(plan.madeAt), by: plan.by.name })}
        position={plan.position}
        badges={<Badge appearance="tint">{t(`planState.${state}`)}</Badge>}
      >
        <a className="link" href={`/api/plans/${plan.plan}/script`} download>
          {t('plan.script')}
        </a>
      </PageHeader>
      {isPast && <PastNotice />}
      <Message
        intent={counts.done > 0 ? 'info' : 'warning'}
        title={t(state === 'applied' ? 'plan.changes' : 'plan.willChange', { count: counts.done })}
      >
        {t('plan.others', { unchanged: counts.unchanged, refused: counts.refused, invalid: counts.invalid })}
        {reasons.length > 0 && (
          <ul className="refusals">
            {reasons.map(({ rule, count }) => (
              <li key={rule}>
                <PageLink to={`/plans/${plan.plan}`} search={{ outcome: 'refused', rule }}>
                  {t('plan.byRule', { count })}
                </PageLink>{' '}
                <Rule rule={rule} />
              </li>
            ))}
          </ul>
        )}
      </Message>
      <Facts
        label={t('plan.title')}
        facts={[
          ...Object.entries(plan.fields ?? {}).map(([name, value]) => ({
            name: t.named('field', name),
            value: changedText(t, name, value),
          })),
          ...Object.entries(plan.for?.users ?? {}).map(([name, value]) => ({
            name: t('plan.usersWhere'),
            value: `${name}: ${value}`,
          })),
          ...(plan.file
            ? [
                {
                  name: t('field.file'),
                  value: plan.file.name ?? `${t('field.sha256')} ${plan.file.sha256.slice(0, 12)}…`,
                },
              ]
            : []),
          {
            name: t('timeline.events'),
            value:
              Object.entries(events)
                .map(([type, count]) => `${t.count(count)} × ${type}`)
                .join(', ') || '—',
          },
          ...(state === 'applied' ? [] : [{ name: t('field.expiresAt'), value: t.time(plan.expiresAt) }]),
        ]}
      />
      {run !== null ? (
        <p>
          <PageLink to={`/runs/${run}`}>{t('plan.openRun')}</PageLink>
          {counts.refused + counts.invalid > 0 && (
            <>
              {' · '}
              <a className="link" href={`/api/runs/${run}/failed.csv`} download>
                {t('plan.failedFile')}
              </a>
            </>
          )}
        </p>
      ) : (
        !isPast && <ApplyPlan key={plan.plan} plan={plan} />
      )}
      <PlanRows plan={plan} />
    </div>
  );
}
