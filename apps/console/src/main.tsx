import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openSession, wasSignedIn } from './api/session.js';
import { loadLanguage } from './i18n/catalogues.js';
import { WordsProvider } from './i18n/i18n.js';
import { Entrance, loadConsole } from './shell/entrance.js';
import { currentSettings } from './shell/settings.js';
import { Themed } from './shell/themed.js';

// No await at the top: what is loaded here imports from this very file.
void open();

async function open(): Promise<void> {
  const { language } = currentSettings();
  document.documentElement.lang = language;
  await Promise.all([
    loadLanguage(language),
    openSession(),
    // Beside the question who is signed in, not after it. Where it fails, it is tried again once it is drawn.
    wasSignedIn() && loadConsole().catch(() => undefined),
  ]);
  const place = document.getElementById('console');
  if (!place) throw new Error('the page lacks its place for the console');
  createRoot(place).render(
    <StrictMode>
      <WordsProvider>
        <Themed>
          <Entrance />
        </Themed>
      </WordsProvider>
    </StrictMode>,
  );
}
