import { Button } from '@fluentui/react-components';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { Message } from '../../ui/message.js';

/** Why nothing can be done here. */
export function PastNotice() {
  const t = useWords();
  const { change } = useAddress();
  return (
    <Message
      intent="warning"
      title={t('command.offTitle')}
      actions={<Button onClick={() => change({ asOf: undefined })}>{t('moment.backToNow')}</Button>}
    >
      {t('command.offInPast')}
    </Message>
  );
}
