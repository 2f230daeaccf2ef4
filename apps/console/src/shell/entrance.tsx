import { lazy, Suspense } from 'react';
import { openSession } from '../api/session.js';
import { useSession } from '../api/use-session.js';
import { useWords } from '../i18n/i18n.js';
import { PlainButton } from '../ui/plain-button.js';
import { Trouble } from '../ui/trouble.js';
import { loadConsole, loadedConsole, loadedSignIn, loadSignIn } from './parts.js';

const LazyConsole = lazy(async () => ({ default: (await loadConsole()).Console }));
const LazySignIn = lazy(async () => ({ default: (await loadSignIn()).SignIn }));

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
  // What is there already is not waited for: React would show the fallback, and keep it for a while.
  const Part = who ? (loadedConsole()?.Console ?? LazyConsole) : (loadedSignIn()?.SignIn ?? LazySignIn);
  return (
    <Suspense fallback={<main className="entrance">{t('loading')}</main>}>
      <Part />
    </Suspense>
  );
}
