import { Button, Field, Input } from '@fluentui/react-components';
import { useRef } from 'react';
import { postJson } from '../../api/http.js';
import { ProblemError } from '../../api/problem.js';
import type { Plan, Run } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { Failure } from '../../ui/failure.js';
import { BodyKey } from '../commands/body-key.js';
import { useKeptDraft } from '../commands/kept-draft.js';
import { useSending } from '../commands/sending.js';

/** What the reason and the ticket of a plan are kept under. */
const formOf = (plan: string): string => `apply ${plan}`;

/** Applies a plan as it was shown, with a reason; where it has gone stale, makes a fresh one of the same. */
export function ApplyPlan({ plan }: { readonly plan: Plan }) {
  const t = useWords();
  const { go } = useAddress();
  const mayApply = useMay('operator', 'approver');
  const { draft, write, drop, handOn } = useKeptDraft(formOf(plan.plan), { reason: '', ticket: '' });
  const { isBusy, error, send } = useSending({ isOff: !mayApply, leaves: true });
  const bodyKey = useRef(new BodyKey());
  const reason = draft['reason']?.trim();
  const ticket = draft['ticket']?.trim();
  const apply = (): Promise<boolean> =>
    send(async () => {
      const asked = { hash: plan.hash, ...(reason && { reason }), ...(ticket && { ticket }) };
      const { body } = await bodyKey.current.send(asked, (key) =>
        postJson<Run>(`/api/plans/${plan.plan}/apply`, asked, { 'idempotency-key': key }),
      );
      drop();
      go(`/runs/${body.run}`);
    });
  const again = (): Promise<boolean> =>
    send(async () => {
      const { body: fresh } = await postJson<Plan>(`/api/plans/${plan.plan}/fresh`, {});
      handOn(formOf(fresh.plan));
      go(`/plans/${fresh.plan}`);
    });
  const isStale =
    plan.state === 'expired' || (error instanceof ProblemError && ['stale-plan', 'plan-closed'].includes(error.kind));
  const isOff = isBusy || !mayApply;
  if (plan.counts.done === 0 && !isStale) return <p className="apply-plan">{t('plan.nothing')}</p>;
  return (
    <div className="tools apply-plan">
      <Field label={t('field.reason')}>
        <Input
          name="reason"
          value={draft['reason'] ?? ''}
          maxLength={1000}
          onChange={(_, { value }) => write({ ...draft, reason: value })}
        />
      </Field>
      <Field label={t('field.ticket')}>
        <Input
          name="ticket"
          value={draft['ticket'] ?? ''}
          maxLength={100}
          onChange={(_, { value }) => write({ ...draft, ticket: value })}
        />
      </Field>
      {isStale ? (
        <Button appearance="primary" disabledFocusable={isOff} onClick={() => void again()}>
          {t('plan.fresh')}
        </Button>
      ) : (
        <Button appearance="primary" disabledFocusable={isOff} onClick={() => void apply()}>
          {t('plan.apply', { count: plan.counts.done })}
        </Button>
      )}
      {!mayApply && <span>{t('command.offForRole', { role: t('role.operator') })}</span>}
      {error && <Failure error={error} />}
    </div>
  );
}
