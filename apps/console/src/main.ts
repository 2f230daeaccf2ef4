// The least comes first: it asks at once for all that the first picture takes, while the large files are still on their way.
import './styles.css';
import { ask, withParameters } from './api/http.js';
import { currentSession, openSession, wasSignedIn } from './api/session.js';
import { wholeList } from './api/whole-list.js';
import { loadLanguage } from './i18n/catalogues.js';
import { loadConsole } from './shell/console-part.js';
import { pageAt } from './shell/pages.js';
import { currentSettings } from './shell/settings.js';

// No await at the top: what is loaded here imports from this very file.
void open();

async function open(): Promise<void> {
  const { language } = currentSettings();
  document.documentElement.lang = language;
  const session = openSession();
  const [{ draw }] = await Promise.all([
    import('./shell/draw.js'),
    loadLanguage(language),
    session,
    // Where it fails, it is tried again once it is drawn.
    wasSignedIn() && firstPage(session).catch(() => undefined),
  ]);
  draw();
}

/** For whoever was signed in before: the files of the page that is asked for beside the question who it is, and its lists right after it. */
async function firstPage(session: Promise<void>): Promise<void> {
  const page = pageAt(location.pathname);
  const files = Promise.all([loadConsole(), page?.load()]);
  // Not waited for where nobody is signed in.
  files.catch(() => undefined);
  await session;
  if (!currentSession().who) return;
  const isNow = !new URLSearchParams(location.search).has('asOf');
  const lists = ((isNow && page?.lists) || []).map((path) => ({ path, answer: ask(withParameters(path, wholeList)) }));
  // What is wrong with them is told where they are shown.
  for (const { answer } of lists) answer.catch(() => undefined);
  const [{ prepare }] = await files;
  await prepare(lists);
}
