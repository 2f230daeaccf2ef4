import { Button, Field, Input, Spinner } from '@fluentui/react-components';
import { lazy, type SubmitEvent, Suspense, useState } from 'react';
import { openSession, signIn, useSession } from '../api/session.js';
import { useWords } from '../i18n/i18n.js';
import { Failure } from '../ui/failure.js';
import { Logo } from './logo.js';
import { SettingsMenu } from './settings-menu.js';

const Console = lazy(async () => ({ default: (await import('./console.js')).Console }));

/** The console for who is signed in, the way in for everybody else. */
export function Entrance() {
  const { who, error } = useSession();
  const t = useWords();
  if (who === null) return <SignIn />;
  if (!who)
    return <main className="entrance">{error && <Failure error={error} again={() => void openSession()} />}</main>;
  return (
    <Suspense fallback={<Spinner className="entrance" label={t('loading')} />}>
      <Console />
    </Suspense>
  );
}

function SignIn() {
  const t = useWords();
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
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
        <Field label={t('signIn.token')} hint={t('signIn.hint')}>
          <Input
            type="password"
            name="token"
            autoComplete="current-password"
            autoFocus
            required
            maxLength={256}
            value={token}
            onChange={(_, { value }) => setToken(value)}
          />
        </Field>
        {error && <Failure error={error} />}
        <footer>
          <Button type="submit" appearance="primary" disabledFocusable={isBusy}>
            {t('signIn.go')}
          </Button>
          <SettingsMenu />
        </footer>
      </form>
    </main>
  );
}
