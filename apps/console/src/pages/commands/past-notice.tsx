import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';

/** Why nothing can be done here. */
export function PastNotice() {
  const t = useWords();
  const { change } = useAddress();
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('command.offTitle')}</MessageBarTitle> {t('command.offInPast')}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => change({ asOf: undefined })}>{t('moment.backToNow')}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
