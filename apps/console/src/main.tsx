import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/client.js';
import { openSession } from './api/session.js';
import { loadLanguage } from './i18n/catalogues.js';
import { WordsProvider } from './i18n/i18n.js';
import { Entrance } from './shell/entrance.js';
import { currentSettings } from './shell/settings.js';
import { Themed } from './shell/themed.js';

const { language } = currentSettings();
document.documentElement.lang = language;
await Promise.all([loadLanguage(language), openSession()]);

const place = document.getElementById('console');
if (!place) throw new Error('the page lacks its place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <WordsProvider>
        <Themed>
          <Entrance />
        </Themed>
      </WordsProvider>
    </QueryClientProvider>
  </StrictMode>,
);
