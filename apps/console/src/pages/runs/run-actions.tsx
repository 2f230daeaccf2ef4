import { Button, Tooltip } from '@fluentui/react-components';
import { postJson } from '../../api/http.js';
import type { Run } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { Failure } from '../../ui/failure.js';
import { useWhyOff } from '../../ui/why-off.js';
import { useSending } from '../commands/sending.js';
import { actionsFor, type RunAction } from './actions-for.js';

/** What can be done with a run as it stands. */
export function RunActions({ run }: { readonly run: Run }) {
  const t = useWords();
  const off = useWhyOff('operator', 'approver', 'admin');
  const hasNoFailed = run.counts.refused + run.counts.invalid === 0;
  const { isBusy, error, send } = useSending({ isOff: off !== undefined });
  const act = (action: RunAction): Promise<boolean> =>
    send(async () => {
      await postJson(`/api/runs/${run.run}/${action}`, {});
    });
  return (
    <>
      {actionsFor(run).map((action) => (
        <Tooltip key={action} content={off ?? t(`runs.${action}.hint`)} relationship="description">
          <Button disabledFocusable={off !== undefined || isBusy} onClick={() => void act(action)}>
            {t(action === 'retry' && hasNoFailed ? 'runs.goOn' : `runs.${action}`)}
          </Button>
        </Tooltip>
      ))}
      {error && <Failure error={error} />}
    </>
  );
}
