import { Button, Input } from '@fluentui/react-components';
import { type SubmitEvent, useEffect, useId, useState } from 'react';
import { signIn } from '../api/session.js';
import { useWords } from '../i18n/i18n.js';
import { useSettled } from '../ui/settled.js';
import { Trouble } from '../ui/trouble.js';
import { DrawnPart } from './drawn-part.js';
import { Logo } from './logo.js';
import { SmallPartFailure } from './part-failure.js';
import { consolePart, settingsMenuPart } from './parts.js';

/** The way in. */
export function SignIn() {
  const t = useWords();
  const id = useId();
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isSettled = useSettled();
  useEffect(() => {
    // Where it fails, it is tried again once it is drawn.
    if (isSettled) consolePart.load().catch(() => undefined);
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
          {isSettled && <DrawnPart part={settingsMenuPart} given={{}} failure={SmallPartFailure} />}
        </footer>
      </form>
    </main>
  );
}
