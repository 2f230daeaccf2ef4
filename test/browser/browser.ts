import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromiumPath, openChromium } from '../../bench/chromium.js';
import { TestServer } from '../server.js';

/** These specs where there is a browser. CI names one, so that there a missing one is a failure. */
export const withBrowser: typeof describe.skip = chromiumPath === undefined ? describe.skip : describe;

const shots = resolve('reports/console');

export interface Look {
  readonly language?: 'en' | 'ru';
  readonly theme?: 'light' | 'dark' | 'contrast';
  readonly width?: number;
}

/** One browser, and what went wrong in its pages. */
export class Screen {
  private constructor(
    private readonly browser: Browser,
    readonly faults: string[],
  ) {}

  static async open(): Promise<Screen> {
    mkdirSync(shots, { recursive: true });
    return new Screen(await openChromium(), []);
  }

  async page({ language = 'en', theme = 'light', width = 1440 }: Look = {}): Promise<Page> {
    const context: BrowserContext = await this.browser.newContext({
      viewport: { width, height: width < 600 ? 844 : 900 },
      locale: language === 'ru' ? 'ru-RU' : 'en-GB',
      timezoneId: 'Europe/Moscow',
      acceptDownloads: true,
    });
    await context.addInitScript((settings) => localStorage.setItem('homeward.settings', JSON.stringify(settings)), {
      language,
      theme,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.faults.push(String(error.stack)));
    page.on('console', (message) => {
      // A 4xx is shown to whoever asked; a broken policy or a warning of React is ours.
      if (
        ['error', 'warning'].includes(message.type()) &&
        !/Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE/.test(message.text())
      )
        this.faults.push(message.text());
    });
    return page;
  }

  /** A page of the console, signed in; by keyboard alone. It is there by then: keys that are pressed before it are nobody's. */
  async signedIn(url: string, path: string, look: Look = {}, token: string = TestServer.firstToken): Promise<Page> {
    const page = await this.page(look);
    await page.goto(url + path);
    await page.locator('input[name=token]').waitFor();
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await page.locator('main#main :is(h1, h2, [role=alert])').first().waitFor();
    return page;
  }

  async shot(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(shots, `${name}.png`) });
  }

  async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Presses Tab until the element that has the focus is this one. */
export async function tabTo(page: Page, selector: string, most = 80): Promise<void> {
  for (let pressed = 0; pressed < most; pressed++) {
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

/** Waits until it says this. */
export async function expectText(where: Pick<Page, 'locator'>, selector: string, text: string | RegExp): Promise<void> {
  await where.locator(selector).filter({ hasText: text }).first().waitFor();
}
