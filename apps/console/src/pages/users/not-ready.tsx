import type { User } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { Message } from '../../ui/message.js';

/** The two reasons, each for itself. */
export function NotReady({ user }: { readonly user: User }) {
  const t = useWords();
  return (
    <Message intent="warning" title={t('notReady.title')}>
      <ul className="reasons">
        {user.notReady.map((reason) => (
          <li key={reason}>
            {t(`notReady.${reason}`, {
              home:
                user.pool === null || user.generation === null
                  ? t('users.noHome')
                  : `${user.pool} (${t.named('generation', user.generation)})`,
              policy: user.effectivePolicy.policy,
            })}
          </li>
        ))}
      </ul>
    </Message>
  );
}
