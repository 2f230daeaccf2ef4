import { useLive } from '../api/live.js';
import { useWords } from '../i18n/i18n.js';
import { Message } from '../ui/message.js';

/** Shown while nothing new can be heard. */
export function ConnectionBar() {
  const t = useWords();
  const { state, lostAt, position } = useLive();
  if (state !== 'lost' || lostAt === null) return null;
  return (
    <Message
      intent="warning"
      className="connection"
      role="status"
      title={t('connection.lost', { at: t.clock(lostAt) })}
    >
      {position === null ? t('connection.trying') : t('connection.shown', { position: t.count(Number(position)) })}
    </Message>
  );
}
