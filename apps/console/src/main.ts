// The least comes first: it asks at once for all that the first picture takes, while the large files are still on their way.
import 'virtual:themes.css';
import './styles.css';
import { ask, withParameters } from './api/http.js';
import { currentSession, openSession, wasSignedIn } from './api/session.js';
import type { Provided } from './api/views.js';
import { wholeList } from './api/whole-list.js';
import { loadLanguage } from './i18n/catalogues.js';
import { pageAt, type PagePart } from './shell/pages.js';
import { consolePart, signInPart } from './shell/parts.js';
import { currentSettings } from './shell/settings.js';
import { keepTheme } from './shell/theme.js';

/** The document has asked who it is, and mostly knows: what follows from the answer is asked for before large files keep the thread busy. */
const sessionMsMax = 30;
/** The first picture shows its lists, so that it is drawn once and whole; a slow answer holds it up no longer, and is drawn when it comes. */
const listsMsMax = 100;

// No await at the top: what is loaded here imports from this very file.
void open();

async function open(): Promise<void> {
  const { language } = currentSettings();
  document.documentElement.lang = language;
  keepTheme();
  const session = openSession();
  if (wasSignedIn()) await Promise.race([session, new Promise((done) => setTimeout(done, sessionMsMax))]);
  // Where it fails, it is tried again once it is drawn.
  const first = (wasSignedIn() ? firstPage(session) : signInPart.load()).catch(() => undefined);
  const [{ draw }] = await Promise.all([import('./shell/draw.js'), loadLanguage(language), session, first]);
  draw();
}

/** For whoever was signed in before: the lists of the page that is asked for, as soon as it is known who it is, and its files in any case. */
async function firstPage(session: Promise<void>): Promise<unknown> {
  const page = pageAt(location.pathname)?.page;
  const lists = currentSession().who ? listsOf(page) : undefined;
  const files = Promise.all([import('./api/views.js'), consolePart.load(), page?.load()]);
  // Not waited for where nobody is signed in.
  files.catch(() => undefined);
  await session;
  if (!currentSession().who) return signInPart.load();
  const asked = lists ?? listsOf(page);
  const [{ provide }] = await files;
  return Promise.race([Promise.all(asked.map(provide)), new Promise((done) => setTimeout(done, listsMsMax))]);
}

/** What a page of now shows first, asked for. */
function listsOf(page: PagePart | undefined): readonly Provided[] {
  const isNow = !new URLSearchParams(location.search).has('asOf');
  const lists = ((isNow && page?.lists) || []).map((path) => ({ path, answer: ask(withParameters(path, wholeList)) }));
  // What is wrong with them is told where they are shown.
  for (const { answer } of lists) answer.catch(() => undefined);
  return lists;
}
