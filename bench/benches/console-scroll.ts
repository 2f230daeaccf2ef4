import type { Page } from 'playwright-core';
import type { Bench, Figure } from '../bench.js';
import { openChromium } from '../chromium.js';
import { imported } from '../fixtures/imported.js';
import { type Frames, framesOf } from '../frames.js';
import { startServer, token } from '../server.js';

const users = 150_000;
const heightMax = users * 40;
const frameMsMax = 50;
const scrollSecondsMax = 240;

/** Pixels at each turn of the wheel, and how often: as one reads, as one looks for something, as fast as pages come. */
const paces = [
  [120, 150],
  [1200, 300],
  [20_000, Number.POSITIVE_INFINITY],
] as const;

export const consoleScroll: Bench = {
  name: 'console-scroll',
  what: `the console's list of ${users} users scrolled from its first row to its last, against an empty page of that height`,
  run: async () => {
    await using server = await startServer(await imported(users));
    const browser = await openChromium();
    try {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        // Instead of a session, whose beginning would be recorded.
        extraHTTPHeaders: { authorization: `Bearer ${token}` },
      });
      const page = await context.newPage();
      await page.goto(`${server.url}/users`);
      const grid = page.getByRole('grid');
      await grid.getByRole('row').nth(5).waitFor();
      const list = await framesOf(page, frameMsMax, () => scroll(page));
      const bare = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await bare.setContent(`<div class="grid-body" style="height: ${heightMax}px"></div>`);
      const empty = await framesOf(bare, frameMsMax, () => scroll(bare));
      return figures(list, empty);
    } finally {
      await browser.close();
    }
  },
};

/** With the wheel, to the end. */
async function scroll(page: Page): Promise<void> {
  const deadline = performance.now() + scrollSecondsMax * 1000;
  await page.mouse.move(800, 500);
  for (const [pixels, times] of paces)
    for (let turn = 0; turn < times; turn++) {
      await page.mouse.wheel(0, pixels);
      if (turn % 20 > 0) continue;
      if (await isAtEnd(page)) return;
      if (performance.now() > deadline) throw new Error(`the end was not reached in ${scrollSecondsMax} s`);
    }
}

function isAtEnd(page: Page): Promise<boolean> {
  return page.evaluate(`(() => {
    const { bottom, height } = document.querySelector('.grid-body').getBoundingClientRect();
    return height >= ${heightMax} && bottom <= innerHeight;
  })()`);
}

function figures(list: Frames, empty: Frames): readonly Figure[] {
  const within = ({ count, overLimit }: Frames): number => (100 * (count - overLimit)) / count;
  return [
    {
      what: 'the longest work for a frame',
      unit: 'ms of the page’s thread',
      limitName: 'a frame that is felt',
      figure: list.longestWorkMs,
      limit: frameMsMax,
      ratio: list.longestWorkMs / frameMsMax,
      bar: 1,
      higherIsBetter: false,
    },
    {
      what: `frames within ${frameMsMax} ms by the clock`,
      unit: '%',
      limitName: 'the empty page',
      figure: within(list),
      limit: within(empty),
      ratio: within(list) / within(empty),
      bar: 1,
      higherIsBetter: true,
    },
  ];
}
