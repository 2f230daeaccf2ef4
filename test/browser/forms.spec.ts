import type { Page, Request } from 'playwright-core';
import { TestServer } from '../server.js';
import { Screen, withBrowser } from './browser.js';

jest.setTimeout(60_000);

const user = 'paul.perry@contoso.com';
const pool = 'pool13.contoso.com';

withBrowser('a form of the console', () => {
  let server: TestServer;
  let screen: Screen;
  const open = (path: string, token?: string): Promise<Page> => screen.signedIn(server.url, path, {}, token);

  beforeAll(async () => {
    server = await TestServer.start();
    await server.ready();
    await server.send('register-site', { site: 'Redmond' });
    await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Redmond' });
    await server.send('enrol-user', { user });
    await server.send('enrol-user', { user: 'mary.major@contoso.com' });
    await server.ready();
    screen = await Screen.open();
  });
  afterAll(async () => {
    await screen?.close();
    await server?.dispose();
  });
  afterEach(async () => {
    await screen.closePages();
    expect(screen.faults.splice(0)).toEqual([]);
  });

  async function write(page: Page, field: string, text: string): Promise<void> {
    await page.locator(`.command-form [name=${field}]`).fill(text);
  }

  async function press(page: Page, name: string | RegExp): Promise<void> {
    await page.locator('.command, .command-form').getByRole('button', { name }).first().focus();
    await page.keyboard.press('Enter');
  }

  /** What the page posts from now on. */
  function posted(page: Page): Request[] {
    const requests: Request[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') requests.push(request);
    });
    return requests;
  }

  const keysOf = (requests: readonly Request[]): readonly string[] =>
    requests.flatMap((request) => request.headers()['idempotency-key'] ?? []);

  /** A question after the key: what the key sent is under way by then. */
  async function enter(page: Page, field: string): Promise<void> {
    await page.locator(`.command-form [name=${field}]`).focus();
    await page.keyboard.press('Enter');
    await page.evaluate(`fetch('/api/session').then((answer) => answer.text())`);
  }

  async function signInAgain(page: Page): Promise<void> {
    await page.locator('input[name=token]').fill(TestServer.firstToken);
    await page.keyboard.press('Enter');
    await page.locator('.command-form').waitFor();
  }

  describe('sends a command', () => {
    it('that is put right after its refusal was recorded', async () => {
      const page = await open(`/commands/home-user?user=nobody@contoso.com&pool=${pool}`);
      const requests = posted(page);
      await press(page, 'See the plan');
      await page.getByRole('button', { name: 'Send it all the same' }).waitFor();
      await press(page, 'Send it all the same');
      await page.locator('.command-answer [role=alert]').waitFor();
      await write(page, 'user', user);
      await press(page, 'See the plan');
      await page.getByText('This would be done.').waitFor();
      await press(page, 'Apply');
      await page.getByText(/Recorded as event/).waitFor();
      expect(new Set(keysOf(requests)).size).toBe(2);
    });

    it('once, also where its answer was lost and it is sent again', async () => {
      const page = await open('/commands/register-site?site=Tacoma');
      const requests = posted(page);
      await press(page, 'See the plan');
      await page.getByText('This would be done.').waitFor();
      await page.route(
        '**/api/commands/register-site',
        async (route) => {
          await route.fetch();
          await route.abort();
        },
        { times: 1 },
      );
      await press(page, 'Apply');
      await page.locator('.command-answer [role=alert]').waitFor();
      await press(page, 'Apply');
      await page.getByText(/Recorded as event/).waitFor();
      const [first, again] = keysOf(requests);
      expect(again).toBe(first);
    });
  });

  const forms = [
    ['one', `/commands/home-user?user=${user}&pool=${pool}`],
    ['many', '/commands/home-user?for='],
    ['chosen ones', `/commands/home-user?users=${user}`],
  ] as const;

  describe.each(forms)('for %s', (_, address) => {
    it('sends nothing by Enter at a moment of the past', async () => {
      const page = await open(`${address}&asOf=@8`);
      await page.getByRole('button', { name: 'Back to now' }).last().waitFor();
      const requests = posted(page);
      await write(page, 'pool', pool);
      await enter(page, 'pool');
      expect(requests).toEqual([]);
    });

    it('sends nothing by Enter for whose role keeps from it', async () => {
      const { secret } = await server.issueToken(['auditor']);
      const page = await open(address, secret);
      const requests = posted(page);
      await write(page, 'pool', pool);
      await enter(page, 'pool');
      expect(requests).toEqual([]);
    });

    it('asks for one plan, however often it is submitted', async () => {
      const page = await open(address);
      const requests = posted(page);
      await write(page, 'pool', pool);
      await page.locator('.command-form button[type=submit]:not([aria-disabled=true])').waitFor();
      await page.evaluate(`{
        const form = document.querySelector('.command-form');
        form.requestSubmit();
        form.requestSubmit();
      }`);
      await page.evaluate(`fetch('/api/session').then((answer) => answer.text())`);
      await page.locator('.plan, .apply-plan').first().waitFor();
      expect(requests).toHaveLength(1);
    });

    it('has what was typed after the session has ended and somebody signed in again, not after they signed out', async () => {
      const page = await open(address);
      await write(page, 'pool', 'pool13-typed.contoso.com');
      await page.locator('.command-form button[type=submit]:not([aria-disabled=true])').waitFor();
      await page.context().clearCookies();
      await page.locator('.command-form [name=pool]').press('Enter');
      await signInAgain(page);
      expect(await page.locator('[name=pool]').inputValue()).toBe('pool13-typed.contoso.com');
      await page.getByRole('button', { name: /^Signed in as/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Sign out' }).focus();
      await page.keyboard.press('Enter');
      await signInAgain(page);
      expect(await page.locator('[name=pool]').inputValue()).toBe(address.includes('pool=') ? pool : '');
    });
  });
});
