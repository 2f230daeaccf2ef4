import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useLive } from '../api/live.js';
import { useWords } from '../i18n/i18n.js';

/** Shown while nothing new can be heard. */
export function ConnectionBar() {
  const t = useWords();
  const { state, lostAt, position } = useLive();
  if (state !== 'lost' || lostAt === null) return null;
  return (
    <MessageBar intent="warning" className="connection" role="status">
      <MessageBarBody>
        <MessageBarTitle>{t('connection.lost', { at: t.clock(lostAt) })}</MessageBarTitle>{' '}
        {position === null ? t('connection.trying') : t('connection.shown', { position: t.count(Number(position)) })}
      </MessageBarBody>
    </MessageBar>
  );
}
