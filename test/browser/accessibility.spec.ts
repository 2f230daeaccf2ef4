import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type Look, withBrowser } from './browser.js';
import { SampleConsole } from './sample-console.js';

jest.setTimeout(240_000);

const pages = [
  '/',
  '/deployments',
  '/deployments/chat10.contoso.com?tab=content',
  '/deployments/chat13.contoso.com?tab=clients',
  '/pools',
  '/pools/lync10.contoso.com?tab=gates',
  '/pools/pool13.contoso.com?tab=timeline',
  '/users',
  '/users/paul.perry@contoso.com',
  '/policies',
  '/content?deployment=chat10.contoso.com&show=categories',
  '/sites',
  '/migrations',
  '/findings',
  '/timeline?density=full',
  '/compare?from=@5&to=@14',
  '/commands',
  '/commands/home-user?user=paul.perry@contoso.com&pool=pool13.contoso.com',
  '/commands/home-user?for=pool:lync10.contoso.com',
  '/import',
  '/plans',
  '/runs',
  '/tokens',
  '/views',
  '/pools?asOf=@952',
];

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

withBrowser('every page of the console', () => {
  const sample = SampleConsole.forTests();

  async function visit(
    look: Look,
    see: (page: Page, path: string) => Promise<void>,
    paths: readonly string[] = pages,
  ): Promise<void> {
    const page = await sample.screen.signedIn(sample.url, '/', look);
    for (const path of paths) {
      await page.goto(sample.url + path);
      await page.locator('main#main h1').first().waitFor();
      await page.locator('.waiting').first().waitFor({ state: 'detached' });
      // What stands below the first picture.
      if (path === '/') await page.getByRole('img', { name: /Users by generation|Пользователи по/ }).waitFor();
      await see(page, path);
    }
  }

  /** Serious and critical issues, with where they are. */
  async function issues(page: Page, path: string): Promise<string[]> {
    await page.evaluate(axe.source);
    // Fluent's own: they take the focus for an instant and hand it on, so that Tab leaves a menu where it should.
    const { violations } = (await page.evaluate(
      'axe.run({ exclude: ["[data-tabster-dummy]"] }, { resultTypes: ["violations"] })',
    )) as { violations: Violation[] };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes
          .slice(0, 3)
          .map(({ html, failureSummary = '' }) => `${path} ${id}: ${html.slice(0, 200)} ${failureSummary}`),
      );
  }

  const shotOf = (path: string, { theme, language, width }: Look): string =>
    `${path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'overview'}-${theme}-${language}-${width}`;

  it.each([
    ['light', 'en'],
    ['dark', 'ru'],
  ] as const)('has no serious or critical issue for axe in %s', async (theme, language) => {
    const found: string[] = [];
    const look = { theme, language, width: 1440 };
    await visit(look, async (page, path) => {
      await sample.screen.shot(page, shotOf(path, look));
      found.push(...(await issues(page, path)));
    });
    expect(found).toEqual([]);
  });

  it.each([
    ['light', 'ru'],
    ['dark', 'en'],
  ] as const)('fits a telephone, in %s and %s', async (theme, language) => {
    const wide: string[] = [];
    const look = { theme, language, width: 390 };
    await visit(look, async (page, path) => {
      await sample.screen.shot(page, shotOf(path, look));
      const over = await page.evaluate(
        `Math.max(...[document.documentElement, document.getElementById('main')].map((each) => each.scrollWidth - each.clientWidth))`,
      );
      if (Number(over) > 0) wide.push(`${path} is ${String(over)} pixels too wide`);
      const cut = await page.evaluate(
        `[...document.querySelectorAll('.grid-row [role=gridcell]:has(.fui-Badge)')].filter((each) => each.scrollWidth > each.clientWidth).length`,
      );
      if (Number(cut) > 0) wide.push(`${path} has ${String(cut)} badges that are cut`);
    });
    expect(wide).toEqual([]);
  });

  it('has none in high contrast, where something is chosen too', async () => {
    const found: string[] = [];
    const look = { theme: 'contrast', language: 'en', width: 1440 } as const;
    const paths = [
      '/',
      '/users?find=pool:lync10.contoso.com',
      '/migrations/petersburg',
      '/pools/lync10.contoso.com?tab=gates',
    ];
    await visit(
      look,
      async (page, path) => {
        if (path.startsWith('/users')) await page.getByRole('checkbox').nth(1).click();
        await sample.screen.shot(page, shotOf(path, look));
        found.push(...(await issues(page, path)));
      },
      paths,
    );
    expect(found).toEqual([]);
  });
});
