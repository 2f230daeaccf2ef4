import { Badge } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/headless/svg/arrow-sync';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/headless/svg/checkmark-circle';
import { PauseRegular } from '@fluentui/react-icons/headless/svg/pause';
import { StopRegular } from '@fluentui/react-icons/headless/svg/stop';
import { WarningRegular } from '@fluentui/react-icons/headless/svg/warning';
import type { Run } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';

export function RunBadge({ run: { state, stuck } }: { readonly run: Run }) {
  const t = useWords();
  const look = {
    running: { color: 'brand', icon: <ArrowSyncRegular /> },
    paused: { color: 'warning', icon: <PauseRegular /> },
    stopped: { color: 'danger', icon: <StopRegular /> },
    done: { color: 'success', icon: <CheckmarkCircleRegular /> },
  } as const;
  return (
    <>
      <Badge appearance="tint" {...look[state]}>
        {t(`runState.${state}`)}
      </Badge>{' '}
      {stuck !== null && (
        <Badge appearance="tint" color="danger" icon={<WarningRegular />}>
          {t('runs.stuck')}
        </Badge>
      )}
    </>
  );
}
