import { readFileSync } from 'node:fs';
import { expectText, withBrowser } from './browser.js';
import { SampleConsole } from './sample-console.js';

jest.setTimeout(120_000);

withBrowser('where an address or a keyboard is not what was expected', () => {
  const sample = SampleConsole.forTests();

  it.each(['garbage', '@x'])('a moment that is none (%s) is shown as typed, with the way back to now', async (asOf) => {
    const page = await sample.open(`/?asOf=${asOf}`);
    await expectText(page, '.moment [role=alert]', `“${asOf}” is not a moment`);
    await expectText(page, 'main [role=alert]', /must be @<position>/);
    await page.getByRole('button', { name: 'Back to now' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.generation-card').first().waitFor();
    expect(page.url()).toBe(`${sample.url}/`);
  });

  it.each(['/nope', '/users/%E0%A4%A', '/pools/a/b/c'])(
    '%s is no page, and leads to those that there are',
    async (path) => {
      const page = await sample.open(path);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await page.locator('main').getByRole('link', { name: 'Pools' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Pools' }).waitFor();
    },
  );

  it('the keys work on a Russian layout', async () => {
    const page = await sample.open('/pools');
    await page.locator('[role=grid]').waitFor();
    const press = (key: string, code: string, more: object = {}): Promise<unknown> =>
      page.evaluate(
        `document.body.dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({ key, code, bubbles: true, cancelable: true, ...more })}))`,
      );
    await press('х', 'BracketLeft');
    await page.waitForURL(/asOf=@\d+/);
    await press('т', 'KeyN');
    await page.waitForURL(`${sample.url}/pools`);
    await press('п', 'KeyG');
    await press('г', 'KeyU');
    await page.waitForURL(/\/users/);
    await press(',', 'Slash', { shiftKey: true });
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await press('л', 'KeyK', { ctrlKey: true });
    await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
  });

  it('a page that no role of somebody may see says which roles may, and offers no retry', async () => {
    const { secret } = await sample.estate.server.issueToken(['operator']);
    const page = await sample.open('/tokens', {}, secret);
    await expectText(page, 'main [role=alert]', 'This page takes the role Administrator.');
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  });

  it.each(['/users/nobody@contoso.com', '/users/paul.perry@contoso.com?asOf=@3', '/pools?asOf=yesterday'])(
    '%s gets an answer that stays the same, and offers no retry',
    async (path) => {
      const page = await sample.open(path);
      await page.locator('main [role=alert]').waitFor();
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    },
  );

  it('what needed attention in the past is told by its day, and not by how long ago that is now', async () => {
    const page = await sample.open('/?asOf=@952');
    const failed = page.locator('.attention li', { hasText: 'rows failed' });
    await failed.first().waitFor();
    expect(await failed.first().innerText()).not.toContain('ago');
    await page.getByRole('button', { name: 'Back to now' }).click();
    await expectText(page, '.attention li', / ago/);
  });

  it('a cell that is cut tells its whole text to the pointer, and one that is not tells nothing', async () => {
    const page = await sample.open('/users', { width: 390 });
    const cells = page.locator('.grid-row [role=gridcell]');
    const long = cells.filter({ hasText: 'aleksandr.filippov@contoso.com' });
    await long.hover();
    expect(await long.getAttribute('title')).toBe('aleksandr.filippov@contoso.com');
    const short = cells.filter({ hasText: 'alice@contoso.com' });
    await short.hover();
    expect(await short.getAttribute('title')).toBeNull();
  });

  it('moments to compare that are none are told at their fields', async () => {
    const page = await sample.open('/compare?from=zzz&to=@14');
    await expectText(page, '.compare-form', 'Write @ and a position');
    expect(await page.getByLabel('From', { exact: false }).first().inputValue()).toBe('zzz');
  });

  it('what two moments differ in is told in words, and not as JSON', async () => {
    const { position } = (await sample.estate.server.get('/health/ready')).body as { position: string };
    const page = await sample.open(`/compare?from=@0&to=@${position}`);
    await page.locator('.diff-row').first().waitFor();
    expect(await page.locator('main').innerText()).not.toContain('{"');
  });

  it('a deployment leads to its migration and to what is open about it', async () => {
    const { items } = (await sample.estate.server.get('/api/deployments?limit=500')).body as {
      items: { deployment: string; migration: string | null }[];
    };
    const { deployment = '', migration } = items.find((each) => each.migration !== null) ?? {};
    const page = await sample.open(`/deployments/${deployment}?tab=migration`);
    await page.getByRole('tab', { name: 'Migration' }).waitFor();
    await page
      .locator('main')
      .getByRole('link', { name: /open findings?$/ })
      .waitFor();
    await page
      .locator('main')
      .getByRole('link', { name: String(migration), exact: true })
      .focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/migrations/${migration}`));
  });

  it('a page that fails says so, and not that the server is gone', async () => {
    const page = await sample.screen.page();
    await page.route('**/api/sites?*', (route) =>
      route.fulfill({ json: { items: [null], total: 1, next: null }, headers: { 'log-position': '5' } }),
    );
    await page.goto(`${sample.url}/sites`);
    await page.locator('input[name=token]').fill((await sample.estate.server.issueToken(['operator'])).secret);
    await page.keyboard.press('Enter');
    await expectText(page, '[role=alert]', 'This page failed.');
    await page.getByRole('link', { name: 'To the overview' }).waitFor();
    expect(sample.screen.faults.splice(0).length).toBeGreaterThan(0);
  });

  describe('the files of a page', () => {
    const files = '**/assets/*.js';

    it('that an upgrade of the server took away are asked for anew, with the whole console', async () => {
      const page = await sample.open('/pools');
      await page.getByRole('heading', { name: 'Pools' }).waitFor();
      await page.evaluate(() => Object.assign(globalThis, { isOld: true }));
      let left = 1;
      await page.route(files, (route) => (left-- > 0 ? route.fulfill({ status: 404 }) : route.continue()));
      await page.locator('nav').getByRole('link', { name: 'Timeline' }).click();
      await page.getByRole('heading', { name: 'Timeline' }).waitFor();
      expect(await page.evaluate(() => 'isOld' in globalThis)).toBe(false);
      sample.screen.faults.splice(0);
    });

    it('that do not come are told of, and asked for again', async () => {
      const page = await sample.open('/pools');
      await page.getByRole('heading', { name: 'Pools' }).waitFor();
      await page.route(files, (route) => route.abort());
      await page.route('**/health/live', (route) => route.abort());
      await page.locator('nav').getByRole('link', { name: 'Timeline' }).click();
      await expectText(page, 'main [role=alert]', 'The server cannot be reached.');
      await page.unroute(files);
      await page.unroute('**/health/live');
      await page.locator('main').getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: 'Timeline' }).waitFor();
      sample.screen.faults.splice(0);
    });

    it('that are slow leave the page before in its place, and then say so', async () => {
      const page = await sample.open('/pools');
      await page.getByRole('heading', { name: 'Pools' }).waitFor();
      const coming = Promise.withResolvers<void>();
      await page.route(files, async (route) => {
        await coming.promise;
        await route.continue();
      });
      await page.locator('nav').getByRole('link', { name: 'Timeline' }).click();
      await page.waitForURL(/\/timeline/);
      expect(await page.locator('nav [aria-current=page]').textContent()).toBe('Timeline');
      expect(await page.getByRole('heading', { name: 'Pools' }).isVisible()).toBe(true);
      await page.locator('main').getByRole('progressbar').waitFor();
      expect(await page.getByRole('heading', { name: 'Pools' }).count()).toBe(0);
      coming.resolve();
      await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    });
  });

  it('a narrow screen shows when each run began, and what a moment was about, as far as there is room', async () => {
    const page = await sample.open('/runs', { language: 'ru', theme: 'dark', width: 390 });
    const began = page.locator('[role=row] a').first();
    await began.waitFor();
    expect(await began.evaluate((cell) => cell.parentElement!.scrollWidth - cell.parentElement!.clientWidth)).toBe(0);
    await page.goto(`${sample.url}/runs?asOf=@900`);
    const detail = page.locator('.past .moment-detail');
    await detail.waitFor();
    const [inner, outer] = await Promise.all([detail.boundingBox(), page.locator('.moment-text').boundingBox()]);
    expect(inner!.x + inner!.width).toBeLessThanOrEqual(outer!.x + outer!.width + 0.5);
  });

  it('the past leads from no row to a command, and says why', async () => {
    const page = await sample.open('/policies');
    await page.getByRole('link', { name: 'Enable' }).first().waitFor();
    await page.goto(`${sample.url}/policies?asOf=@900`);
    await page.locator('.off[title*="past"]').first().waitFor();
    expect(await page.locator('main a[href*="/commands/"]').count()).toBe(0);
  });

  it.each([
    ['plan', 'See the plan', /\/plans\//],
    ['run', 'Send and run', /\/runs\//],
  ])('a file keeps its name in its %s', async (_, name, address) => {
    const page = await sample.open('/import');
    await page.locator('input[type=file]').setInputFiles({
      name: 'Люди мая.csv',
      mimeType: 'text/csv',
      buffer: readFileSync('samples/users-with-mistakes.csv'),
    });
    await page.getByRole('region', { name: 'What was recognised' }).waitFor();
    await page.getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(address);
    await page.getByText('Люди мая.csv').waitFor();
  });
});
