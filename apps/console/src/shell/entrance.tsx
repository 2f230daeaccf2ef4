import { openSession } from '../api/session.js';
import { useSession } from '../api/use-session.js';
import { useWords } from '../i18n/i18n.js';
import { PlainButton } from '../ui/plain-button.js';
import { Trouble } from '../ui/trouble.js';
import { DrawnPart } from './drawn-part.js';
import { PageFailure } from './page-failure.js';
import { consolePart, signInPart } from './parts.js';

/** The console for who is signed in, the way in for everybody else. */
export function Entrance() {
  const { who, error } = useSession();
  const t = useWords();
  if (who === undefined)
    return (
      <main className="entrance">
        {error && (
          <div className="sign-in">
            <Trouble error={error} />
            <PlainButton onClick={() => void openSession()}>{t('again')}</PlainButton>
          </div>
        )}
      </main>
    );
  return (
    <DrawnPart
      key={who ? 'console' : 'sign-in'}
      part={who ? consolePart : signInPart}
      given={{}}
      waiting={<main className="entrance">{t('loading')}</main>}
      failure={PageFailure}
    />
  );
}
