import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import type { Bench } from '../bench.js';
import { openChromium } from '../chromium.js';
import { inTurn } from '../rounds.js';
import { startServer, token } from '../server.js';
import { prepareEstate } from '../user-import.js';

const rounds = 7;
const bar = 1.5;
/** Until what a page loads after it can be used is there too. */
const settleMs = 1500;
const build = fileURLToPath(new URL('../../../apps/console/build.mjs', import.meta.url));
const bareServer = new URL('../bare-page-server.js', import.meta.url);

export const consoleStart: Bench = {
  name: 'console-start',
  what: 'the console opened in a fresh browser until it can be used, against a page of nothing but Fluent from the same server',
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    const browser = await openChromium();
    try {
      const page = join(folder, 'page');
      await promisify(execFile)(process.execPath, [build, page, '--bare']);
      process.env['BARE_PAGE'] = page;
      await using bare = await startServer(join(folder, 'bare'), { entry: bareServer });
      await using server = await startServer(join(folder, 'console'));
      await prepareEstate(server);
      const against = { unit: 'ms', limitName: 'the bare page', bar, higherIsBetter: false };
      const wayIn = { url: server.url, until: 'input[name=token]', visitsBefore: 0 };
      const shell = { url: server.url, until: '#navigation a', visitsBefore: 1, signedIn: token };
      const overview = { url: server.url, until: '.generation-card .big-count', visitsBefore: 1, signedIn: token };
      const ofBare = { url: bare.url, until: 'input[name=bare]' };
      const measured = (visit: Visit) =>
        inTurn(
          rounds,
          () => msUntil(browser, visit),
          () => msUntil(browser, { ...ofBare, visitsBefore: visit.visitsBefore }),
        );
      return [
        { what: 'the way in, first visit', ...against, ...(await measured(wayIn)) },
        { what: 'the pages and the search, signed in before', ...against, ...(await measured(shell)) },
        { what: 'the overview with its counts, signed in before', ...against, ...(await measured(overview)) },
      ];
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
};

interface Visit {
  readonly url: string;
  /** What has to be there. */
  readonly until: string;
  readonly visitsBefore: number;
  /** The token of who is signed in. */
  readonly signedIn?: string;
}

/** From the request of the page until what it is for is there and its thread is free. */
async function msUntil(browser: Browser, { url, until, visitsBefore, signedIn }: Visit): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    if (signedIn !== undefined) {
      const answer = await context.request.post(`${url}/api/session`, { data: { token: signedIn } });
      if (!answer.ok()) throw new Error(`signing in was answered ${answer.status()}: ${await answer.text()}`);
    }
    // Nothing else of the browser's driver runs in the page: it would take the thread of whoever is still loading, and not of whoever is done.
    await context.addInitScript(`(function look() {
      if (document.querySelector(${JSON.stringify(until)})) setTimeout(() => console.info('usable', performance.now()));
      else requestAnimationFrame(look);
    })()`);
    const page = await context.newPage();
    for (let visit = 0; ; visit++) {
      const told = page.waitForEvent('console', { predicate: (message) => message.text().startsWith('usable ') });
      await page.goto(url, { waitUntil: 'commit' });
      const ms = Number((await told).text().slice('usable '.length));
      if (visit === visitsBefore) return ms;
      await sleep(settleMs);
    }
  } finally {
    await context.close();
  }
}
