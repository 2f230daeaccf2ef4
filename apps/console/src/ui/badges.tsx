import { Badge } from '@fluentui/react-components';
import {
  CheckmarkCircleRegular,
  DismissCircleRegular,
  LockClosedRegular,
  PowerRegular,
  ProhibitedRegular,
  QuestionCircleRegular,
  ShieldCheckmarkRegular,
} from '@fluentui/react-icons';
import type { GateStatus, Generation, Outcome, Status } from '../api/types.js';
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

export function GenerationName({ generation }: { readonly generation: Generation | null }) {
  const t = useWords();
  return generation === null ? (
    <>—</>
  ) : (
    <span className={`generation ${generation}`}>{t.named('generation', generation)}</span>
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

/** The class whose sign, drawn by the style sheet, says yes or no. */
export function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** Yes or no, with its sign. */
export function YesNo({ value, yes, no }: { readonly value: boolean; readonly yes?: string; readonly no?: string }) {
  const t = useWords();
  return <span className={yesOrNo(value)}>{value ? (yes ?? t('yes')) : (no ?? t('no'))}</span>;
}
