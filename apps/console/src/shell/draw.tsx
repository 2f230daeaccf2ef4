import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { WordsProvider } from '../i18n/i18n.js';
import { Entrance } from './entrance.js';
import { Fluent } from './fluent.js';

/** Once it is known who is signed in, and the language is loaded. */
export function draw(): void {
  const place = document.getElementById('console');
  if (!place) throw new Error('the page lacks its place for the console');
  createRoot(place).render(
    <StrictMode>
      <WordsProvider>
        <Fluent>
          <Entrance />
        </Fluent>
      </WordsProvider>
    </StrictMode>,
  );
}
