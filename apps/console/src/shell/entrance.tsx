import { Button, Input } from '@fluentui/react-components';
import { lazy, type SubmitEvent, Suspense, useEffect, useId, useState } from 'react';
import { ProblemError } from '../api/problem.js';
import { openSession, signIn } from '../api/session.js';
import { useSession } from '../api/use-session.js';
import { useWords } from '../i18n/i18n.js';
import { ProblemAdvice, ProblemTitle } from '../ui/problem-text.js';
import { useSettled } from '../ui/settled.js';
import { loadConsole, loadedConsole } from './console-part.js';
import { Logo } from './logo.js';

// What is here is all that the way in needs: the rest comes while the token is typed.
const LazyConsole = lazy(async () => ({ default: (await loadConsole()).Console }));
const SettingsMenu = lazy(async () => ({ default: (await import('./settings-menu.js')).SettingsMenu }));

/** The console for who is signed in, the way in for everybody else. */
export function Entrance() {
  const { who, error } = useSession();
  const t = useWords();
  if (who === null) return <SignIn />;
  if (!who)
    return (
      <main className="entrance">
        {error && (
          <div className="sign-in">
            <Trouble error={error} />
            <Button onClick={() => void openSession()}>{t('again')}</Button>
          </div>
        )}
      </main>
    );
  // What is there already is not waited for: React would show the fallback, and keep it for a while.
  const Console = loadedConsole()?.Console ?? LazyConsole;
  return (
    <Suspense fallback={<main className="entrance">{t('loading')}</main>}>
      <Console />
    </Suspense>
  );
}

/** What went wrong, in the words of the problem document. */
function Trouble({ error }: { readonly error: Error }) {
  const t = useWords();
  const isProblem = error instanceof ProblemError;
  return (
    <p role="alert" className="trouble">
      <b>{isProblem ? <ProblemTitle error={error} /> : t('unreachable.title')}</b>{' '}
      {isProblem ? (
        <>
          <ProblemAdvice error={error} />
          {t.language === 'en' && <br />}
          <span lang="en">{error.document.detail}</span>
        </>
      ) : (
        t('unreachable.detail')
      )}
    </p>
  );
}

function SignIn() {
  const t = useWords();
  const id = useId();
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isSettled = useSettled();
  useEffect(() => {
    // Where it fails, it is tried again once it is drawn.
    if (isSettled) loadConsole().catch(() => undefined);
  }, [isSettled]);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(token.trim());
    } catch (refused) {
      setError(refused as Error);
      setBusy(false);
    }
  };
  return (
    <main className="entrance">
      <title>{`${t('signIn.title')} · Homeward`}</title>
      <form className="sign-in" onSubmit={(event) => void submit(event)}>
        <header>
          <Logo />
          <h1>Homeward</h1>
        </header>
        <p>{t('signIn.lead')}</p>
        <label htmlFor={id}>{t('signIn.token')}</label>
        <Input
          id={id}
          type="password"
          name="token"
          autoComplete="current-password"
          autoFocus
          required
          maxLength={256}
          aria-describedby={`${id}-hint`}
          value={token}
          onChange={(_, { value }) => setToken(value)}
        />
        <small id={`${id}-hint`}>{t('signIn.hint')}</small>
        {error && <Trouble error={error} />}
        <footer>
          <Button type="submit" appearance="primary" disabledFocusable={isBusy}>
            {t('signIn.go')}
          </Button>
          <Suspense>{isSettled && <SettingsMenu />}</Suspense>
        </footer>
      </form>
    </main>
  );
}
