import { Badge } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/headless/svg/checkmark-circle';
import { DismissCircleRegular } from '@fluentui/react-icons/headless/svg/dismiss-circle';
import { LockClosedRegular } from '@fluentui/react-icons/headless/svg/lock-closed';
import { PowerRegular } from '@fluentui/react-icons/headless/svg/power';
import { ProhibitedRegular } from '@fluentui/react-icons/headless/svg/prohibited';
import { QuestionCircleRegular } from '@fluentui/react-icons/headless/svg/question-circle';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/headless/svg/shield-checkmark';
import type { GateStatus, Outcome, Status } from '../api/types.js';
import { useWords } from '../i18n/i18n.js';

/** Each state has a word and a sign of its own: nothing is told by colour alone. */
export function StatusBadge({ status }: { readonly status: Status }) {
  const t = useWords();
  const look = {
    active: { color: 'success', icon: <CheckmarkCircleRegular /> },
    sealed: { color: 'warning', icon: <LockClosedRegular /> },
    decommissioned: { color: 'subtle', icon: <PowerRegular /> },
  } as const;
  return (
    <Badge appearance="tint" {...look[status]}>
      {t(`status.${status}`)}
    </Badge>
  );
}

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome | 'unchanged' | 'invalid' }) {
  const t = useWords();
  const look = {
    done: { color: 'success', icon: <CheckmarkCircleRegular /> },
    unchanged: { color: 'subtle', icon: <CheckmarkCircleRegular /> },
    refused: { color: 'danger', icon: <ProhibitedRegular /> },
    denied: { color: 'severe', icon: <LockClosedRegular /> },
    invalid: { color: 'danger', icon: <DismissCircleRegular /> },
  } as const;
  return (
    <Badge appearance="tint" {...look[outcome]}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}

export function GateBadge({ status }: { readonly status: GateStatus }) {
  const t = useWords();
  const look = {
    met: { color: 'success', icon: <CheckmarkCircleRegular /> },
    waived: { color: 'informative', icon: <ShieldCheckmarkRegular /> },
    'not-met': { color: 'danger', icon: <DismissCircleRegular /> },
    unknown: { color: 'warning', icon: <QuestionCircleRegular /> },
  } as const;
  return (
    <Badge appearance="tint" {...look[status]}>
      {t(`gateStatus.${status}`)}
    </Badge>
  );
}
