import { readFileSync } from 'node:fs';
import { TestServer } from '../server.js';
import { expectText, tabTo, withBrowser } from './browser.js';
import { SampleConsole } from './sample-console.js';

jest.setTimeout(120_000);

const kibibyte = 1024;
const firstLoadKibibytesMax = 300;

withBrowser('the console', () => {
  const sample = SampleConsole.forTests();

  describe('lets in', () => {
    it('nobody with a wrong token, and says so in the words of the problem document', async () => {
      const page = await sample.screen.page();
      await page.goto(`${sample.url}/users?find=mary`);
      await page.locator('input[name=token]').waitFor();
      await page.keyboard.type('hw_wrong');
      await page.keyboard.press('Enter');
      await expectText(page, '[role=alert]', 'The token is not valid');
      await page.locator('input[name=token]').fill(TestServer.firstToken);
      await page.keyboard.press('Enter');
      await page.locator('[role=grid]').waitFor();
      expect(page.url()).toBe(`${sample.url}/users?find=mary`);
    });

    it('somebody until they sign out; then nothing of theirs is left', async () => {
      const page = await sample.open('/pools');
      await page.getByRole('button', { name: /^Signed in as/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Sign out' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('input[name=token]').waitFor();
      expect(await page.locator('main').innerText()).not.toContain('contoso.com');
      await page.reload();
      await page.locator('input[name=token]').waitFor();
    });

    it('each role to its own pages', async () => {
      const { secret } = await sample.estate.server.issueToken(['auditor']);
      const page = await sample.open('/', {}, secret);
      await page.getByRole('link', { name: 'Timeline', exact: true }).waitFor();
      for (const name of ['Commands', 'Import', 'Tokens'])
        expect(await page.getByRole('navigation').getByRole('link', { name, exact: true }).count()).toBe(0);
      await page.goto(`${sample.url}/pools`);
      expect(await page.getByRole('button', { name: 'Register a pool' }).getAttribute('aria-disabled')).toBe('true');
    });
  });

  describe('begins', () => {
    it('with one question for each thing that its first page shows', async () => {
      const page = await sample.open('/');
      await page.locator('.big-count').first().waitFor();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url().replace(sample.url, '')));
      await page.reload();
      await page.getByRole('img', { name: /Users by generation/ }).waitFor();
      const first = ['/api/session', '/api/pools?limit=500', '/api/deployments?limit=500'];
      expect(asked.filter((path) => first.includes(path))).toEqual(first);
    });

    it('with the counts of its first page before the files of menus, lists and charts', async () => {
      const page = await sample.open('/');
      await page.route(/\/assets\/(overlays|libraries|shared|below)-/, () => undefined);
      await page.reload();
      await page.locator('.generation-card .big-count').first().waitFor();
      await page.unrouteAll();
    });

    it('on any page at any moment', async () => {
      const page = await sample.open('/pools');
      await page.goto(`${sample.url}/deployments?asOf=@1`);
      await page.locator('.shell.past').waitFor();
      expect(await page.getByRole('grid').getByRole('link').count()).toBe(0);
      await page.goto(`${sample.url}/deployments`);
      await page.getByRole('link', { name: 'chat13.contoso.com' }).waitFor();
    });

    it('without a word of a lost connection as its page is left', async () => {
      const page = await sample.open('/pools');
      await page.locator('.live-dot.live').waitFor();
      await page.evaluate(`new MutationObserver(() => {
        if (document.querySelector('.connection')) localStorage.setItem('told', 'yes');
      }).observe(document.body, { subtree: true, childList: true })`);
      await page.reload();
      await page.locator('.live-dot.live').waitFor();
      expect(await page.evaluate(`localStorage.getItem('told')`)).toBeNull();
    });
  });

  describe('follows a link', () => {
    it('without loading anew, and leaves it to the browser where a modifier asks for another tab', async () => {
      const page = await sample.open('/?asOf=@14');
      await page.evaluate(`window.isSame = true`);
      const link = page.getByRole('navigation').getByRole('link', { name: 'Pools', exact: true });
      const [other] = await Promise.all([
        page.context().waitForEvent('page'),
        link.click({ modifiers: ['ControlOrMeta'] }),
      ]);
      await other.waitForURL(/\/pools\?asOf=@14$/);
      expect(page.url()).toBe(`${sample.url}/?asOf=@14`);
      await link.click();
      await page.waitForURL(/\/pools\?asOf=@14$/);
      expect(await link.getAttribute('aria-current')).toBe('page');
      expect(await page.evaluate(`window.isSame`)).toBe(true);
    });
  });

  describe('shows', () => {
    it('where the move stands, each count leading to its list', async () => {
      const page = await sample.open('/');
      const card = page.getByRole('article', { name: 'Lync 2010' });
      const { total } = (await sample.estate.server.get('/api/users?generation=lync-2010&limit=1')).body as {
        total: number;
      };
      await expectText(card, '.big-count', String(total));
      await page.getByRole('img', { name: /Users by generation/ }).waitFor();
      await card.locator('.big-count').focus();
      await page.keyboard.press('Enter');
      await expectText(page, '.list-foot', `${total} users`);
      expect(page.url()).toContain('find=generation:lync-2010');
    });

    it('what was found about a thing, leading to the list of exactly that', async () => {
      const page = await sample.open('/');
      const entry = page.getByRole('region', { name: 'Needs attention' }).locator('li', { hasText: 'petersburg' });
      await expectText(entry, 'div', '4 warnings are open.');
      await entry.getByRole('link', { name: 'See the findings' }).focus();
      await page.keyboard.press('Enter');
      await expectText(page, '.list-foot', '4 findings');
      expect(page.url()).toContain('subject:migration:petersburg');
    });

    it('counts in lists that lead to what they count; the Tab key stops at those of one row', async () => {
      const page = await sample.open('/deployments');
      await tabTo(page, '[role=grid]');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, '.grid-row.active a[href*="/content"]', 12);
      const count = await page.evaluate<string>('document.activeElement.textContent');
      await page.keyboard.press('Enter');
      await expectText(page, '.list-foot', `${count} rooms`);
      await page.goBack();
      await tabTo(page, '[role=grid]');
      expect(await page.locator('.grid-row:not(.active) a:not([tabindex="-1"])').count()).toBe(0);
    });

    it('users found by a qualifier from the suggestions, and one of them; Back comes back to the list', async () => {
      const page = await sample.open('/users');
      await page.locator('[role=grid]').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('poo');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.keyboard.type('lync10');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(/find=pool:lync10/);
      await page.keyboard.type('aleksey');
      await page.waitForURL(/aleksey/);
      await page.locator('[role=grid]').waitFor();
      await tabTo(page, '[role=grid]');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/users\/.+%40/);
      await page.getByRole('region', { name: 'What each client reaches' }).first().waitFor();
      await page.goBack();
      await page.locator('[role=grid]').waitFor();
      expect(await page.locator('[data-search]').inputValue()).toContain('pool:lync10.contoso.com aleksey');
    });

    it('why somebody is not ready, and which rules keep a client from a deployment', async () => {
      const page = await sample.open('/users/paul.perry@contoso.com');
      await page.getByText('Not ready for persistent chat').waitFor();
      await page.getByText(/lync10\.contoso\.com \(Lync 2010\)\. Only users homed/).waitFor();
      await page
        .getByRole('button', { name: /rules? says? no/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      await expectText(page, '.matrix-detail', /client\.|topology\./);
    });

    it('columns as they were chosen, in the address', async () => {
      const page = await sample.open('/users?columns=guid');
      await page.getByRole('columnheader', { name: 'GUID' }).waitFor();
      expect(await page.getByRole('columnheader', { name: 'Ready' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Columns' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitemcheckbox', { name: 'Ready' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/columns=guid,ready/);
      await page.getByRole('columnheader', { name: 'Ready' }).waitFor();
    });

    it('the gates of a legacy pool with what closes each', async () => {
      const page = await sample.open('/pools/lync10.contoso.com?tab=gates');
      const gate = page.locator('.gate', { hasText: 'contact-objects-moved' });
      await gate.getByRole('button', { name: 'Attest with evidence' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/attest-gate/);
      expect(await page.locator('input[name=gate]').inputValue()).toBe('contact-objects-moved');
    });

    it('what nobody finds, and what was searched for', async () => {
      const page = await sample.open('/users?find=nobody-at-all');
      await page.getByText('Searched for: nobody-at-all').waitFor();
    });

    it('an error in the words of its problem document', async () => {
      const page = await sample.open('/users?find=ready:perhaps');
      await expectText(page, '[role=alert]', /ready.*must be true or false/s);
    });
  });

  describe('looks back', () => {
    it('event by event, on another ground, with commands off and why', async () => {
      const page = await sample.open('/pools');
      await page.locator('[role=grid]').waitFor();
      await page.keyboard.press('[');
      await page.waitForURL(/asOf=@\d+/);
      const [, first] = /asOf=@(\d+)/.exec(page.url()) ?? [];
      await page.locator('.shell.past').waitFor();
      await page.keyboard.press('[');
      await page.waitForURL((address) => !address.href.includes(`asOf=@${first}`));
      const command = page.getByRole('button', { name: 'Register a pool' });
      expect(await command.getAttribute('aria-disabled')).toBe('true');
      await command.focus();
      await page.getByText('You are looking at the past.').first().waitFor();
      await page.keyboard.press(']');
      await page.waitForURL(new RegExp(`asOf=@${first}`));
      await page.keyboard.press('n');
      await page.locator('.shell:not(.past)').waitFor();
      expect(page.url()).toBe(`${sample.url}/pools`);
    });

    it('from any page to another at the same moment', async () => {
      const page = await sample.open('/pools?asOf=@12');
      await page.locator('.shell.past').waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('u');
      await page.waitForURL(/\/users\?asOf=@12/);
      await page.getByText('Nobody is tracked yet').waitFor();
    });

    it('at what differs between two moments', async () => {
      const page = await sample.open('/compare');
      await page.keyboard.press('/');
      await page.keyboard.type('@5');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type('@14');
      await page.keyboard.press('Enter');
      await page.waitForURL(/from=@5&to=@14/);
      await page.getByRole('article', { name: 'pool:pool13.contoso.com' }).waitFor();
      await expectText(page, '.list-foot', /\d+ differences/);
    });
  });

  describe('tells history', () => {
    it('found by qualifier and words, opened into changes and recorded events', async () => {
      const page = await sample.open('/timeline');
      await page.locator('.timeline-head').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('command:SealPool ocs01');
      await expectText(page, '.list-foot', '1 entry');
      await tabTo(page, '.timeline-head');
      await page.keyboard.press('Enter');
      await expectText(page, '.timeline-body', /Status.*Active.*Sealed/s);
      const payload = page.locator('.payload summary').first();
      await payload.focus();
      await page.keyboard.press('Enter');
      await expectText(page, '.payload pre', '"type": "PoolSealed"');
    });

    it('and hands out what is shown as CSV', async () => {
      const page = await sample.open('/timeline?find=command:CreatePolicy');
      await page.locator('.timeline-head').first().waitFor();
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      const text = readFileSync(await (await saved).path(), 'utf8');
      const { total } = (await sample.estate.server.get('/api/timeline?command=CreatePolicy&limit=1')).body as {
        total: number;
      };
      expect(text).toMatch(/^\uFEFFposition,at,actor,/);
      expect(text.match(/^\d+,\d{4}-/gm)).toHaveLength(total);
    });
  });

  it('says beforehand how much of a long timeline a file takes', async () => {
    const page = await sample.screen.page();
    await page.route('**/api/timeline?*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as object;
      await route.fulfill({ response: answer, json: { ...body, next: null, total: 81_000 } });
    });
    await page.goto(`${sample.url}/timeline`);
    await page.locator('input[name=token]').fill(TestServer.firstToken);
    await page.keyboard.press('Enter');
    await page.locator('.timeline-head').first().waitFor();
    await page.getByRole('button', { name: 'Export' }).focus();
    await page.keyboard.press('Enter');
    await expectText(page, '.menu-note', 'the newest 50,000 of 81,000 entries');
  });

  describe('acts', () => {
    it('only after the plan was seen, on what was planned', async () => {
      const page = await sample.open('/commands/home-user?user=paul.perry@contoso.com&pool=pool13.contoso.com');
      await tabTo(page, 'textarea[name=reason]');
      await page.keyboard.type('asked for it');
      await tabTo(page, 'input[name=ticket]');
      await page.keyboard.type('CHG-77');
      await page.keyboard.press('Enter');
      await page.getByText('This would be done.').waitFor();
      const before = (await sample.estate.server.get('/api/users/paul.perry@contoso.com')).body as { pool: string };
      expect(before.pool).toBe('lync10.contoso.com');
      await page.getByRole('button', { name: 'Apply', exact: true }).focus();
      await page.keyboard.press('Enter');
      const recorded = await page.getByText(/Recorded as event/).innerText();
      const [, position = ''] = /event ([\d,]+)/.exec(recorded) ?? [];
      const path = `/api/timeline?ticket=CHG-77&after=${position.replaceAll(',', '')}`;
      const { items } = (await sample.estate.server.get(path)).body as {
        items: { reason: string; actor: { via: string } }[];
      };
      expect(items).toMatchObject([{ reason: 'asked for it', actor: { via: 'console' } }]);
    });

    it('with every rule that says no', async () => {
      const page = await sample.open('/commands/decommission-pool?pool=lync10.contoso.com');
      await tabTo(page, 'input[name=pool]');
      await page.keyboard.press('Enter');
      await page.getByText('This would be refused.').waitFor();
      await expectText(page, '.plan', /decommission\.not-sealed.*decommission\.users-homed/s);
    });

    it('grave things only after their name was typed', async () => {
      const page = await sample.open('/commands/retire-user?user=alan.evans@contoso.com');
      await tabTo(page, 'input[name=user]');
      await page.keyboard.press('Enter');
      const apply = page.getByRole('button', { name: 'Apply', exact: true });
      await apply.waitFor();
      expect(await apply.getAttribute('aria-disabled')).toBe('true');
      await page.getByLabel(/^Type alan\.evans@contoso\.com/).focus();
      await page.keyboard.type('alan.evans@contoso.com');
      expect(await apply.getAttribute('aria-disabled')).not.toBe('true');
    });

    it('with each wrong field named', async () => {
      const page = await sample.open('/commands/register-pool?pool=nodots&generation=lync-2013&site=Redmond');
      await tabTo(page, 'input[name=pool]');
      await page.keyboard.press('Enter');
      await page
        .locator('.command-form')
        .getByText(/must be/)
        .waitFor();
    });

    it('for everybody that a filter finds: the plan, then a run of exactly that', async () => {
      const page = await sample.open('/users?find=pool:pool13-spb.contoso.com');
      const { total } = (await sample.estate.server.get('/api/users?pool=pool13-spb.contoso.com&limit=1')).body as {
        total: number;
      };
      const notThereYet: string[] = [];
      page.on('response', (answer) => answer.status() === 404 && notThereYet.push(answer.url()));
      const act = page.getByRole('button', { name: `Command for all ${total} found` });
      await act.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Home a user' }).focus();
      await page.keyboard.press('Enter');
      await tabTo(page, 'input[name=pool]');
      await page.keyboard.type('pool13.contoso.com');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/plans\//);
      await page.getByText(`${total} will change.`).waitFor();
      await page.getByRole('button', { name: `Apply ${total} changes` }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/runs\//);
      await page.getByText(`${total} of ${total}`).waitFor();
      await page.getByText('Finished', { exact: true }).first().waitFor();
      expect(notThereYet).toEqual([]);
      await sample.screen.shot(page, 'run');
    });

    it('on a file: preview, run, and the rows that failed as a file', async () => {
      const page = await sample.open('/import');
      await page.locator('input[type=file]').setInputFiles('samples/users-with-mistakes.csv');
      await page.getByRole('region', { name: 'What was recognised' }).waitFor();
      await page.getByRole('button', { name: 'Send and run' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/runs\//);
      const link = page.getByRole('link', { name: /Download the \d+ failed rows/ });
      await link.waitFor();
      const saved = page.waitForEvent('download');
      await link.focus();
      await page.keyboard.press('Enter');
      expect(readFileSync(await (await saved).path(), 'utf8')).toContain(
        'the pool pool12.contoso.com is not registered',
      );
    });
  });

  describe('is found by keyboard', () => {
    it('through Ctrl+K', async () => {
      const page = await sample.open('/');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
      await page.keyboard.type('mary hall');
      await page.getByRole('option', { name: /Mary Hall/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /Mary Hall/ }).waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.waitForURL(/\/timeline/);
    });
  });

  describe('leaves single keys alone', () => {
    it('once they are turned off, and keeps to it', async () => {
      const page = await sample.open('/sites');
      await page.getByRole('button', { name: 'Theme, language and keys' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitemcheckbox', { name: 'Shortcuts of single keys' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page.locator('main#main').focus();
      await page.keyboard.press('?');
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
      expect(page.url()).toBe(`${sample.url}/sites`);
      expect(await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).count()).toBe(0);
      expect(await page.evaluate<string>(`localStorage.getItem('homeward.settings')`)).toContain('"singleKeys":false');
    });
  });

  describe('speaks Russian', () => {
    it('with its plural forms, on every part of a page', async () => {
      const page = await sample.screen.signedIn(sample.url, '/', { language: 'ru' });
      await page.getByRole('heading', { name: 'Обзор' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('ru');
      await page.locator('.generation-card').first().waitFor();
      expect(await page.getByRole('navigation').innerText()).not.toMatch(/[A-Za-z]/);
      await expectText(page, '.generations', /пользовател/);
      await page.goto(`${sample.url}/users?find=pool:lync10.contoso.com`);
      await expectText(page, '.list-foot', /пользовател(ь|я|ей)/);
    });

    it('of rules and findings too, with what the server says of them marked as English', async () => {
      const page = await sample.screen.signedIn(sample.url, '/findings', { language: 'ru' });
      await expectText(page, '.gate', /Имена, которые уже есть в цели.*content\.name-clash/s);
      await page.locator('.gate p[lang=en]').first().waitFor();
      await page.goto(`${sample.url}/commands/decommission-pool?pool=lync10.contoso.com`);
      await tabTo(page, 'input[name=pool]');
      await page.keyboard.press('Enter');
      await expectText(page, '.refusals li', /Не закрыто на вход decommission\.not-sealed/);
    });

    it('of problems too, beside the words of their document', async () => {
      const page = await sample.screen.page({ language: 'ru' });
      await page.goto(`${sample.url}/users/nobody@contoso.com`);
      await page.locator('input[name=token]').fill('hw_wrong');
      await page.keyboard.press('Enter');
      await expectText(page, '[role=alert] b', 'Токен недействителен');
      await expectText(page, '[role=alert] [lang=en]', 'The token is not valid');
      await page.locator('input[name=token]').fill(TestServer.firstToken);
      await page.keyboard.press('Enter');
      await expectText(page, '[role=alert]', 'Такого нет');
      await expectText(page, '[role=alert] [lang=en]', 'nobody@contoso.com');
    });

    it('as soon as it is chosen', async () => {
      const page = await sample.open('/sites');
      await page.getByRole('button', { name: 'Theme, language and keys' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitemradio', { name: 'Русский' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Сайты' }).waitFor();
    });
  });

  describe('stays up to date', () => {
    it('when somebody else acts', async () => {
      const page = await sample.open('/sites');
      await page.locator('[role=grid]').waitFor();
      await sample.estate.server.send('register-site', { site: 'Vladivostok' });
      await page.getByRole('link', { name: 'Vladivostok' }).waitFor();
    });

    it('with what happened before it listened', async () => {
      const page = await sample.open('/sites');
      await page.locator('[role=grid]').waitFor();
      let listen = (): void => undefined;
      const listens = new Promise<void>((resolve) => (listen = resolve));
      await page.route('**/api/live', async (route) => {
        await listens;
        await route.continue();
      });
      await page.reload();
      await page.locator('[role=grid]').waitFor();
      await sample.estate.server.send('register-site', { site: 'Khabarovsk' });
      listen();
      await page.getByRole('link', { name: 'Khabarovsk' }).waitFor();
    });

    it('through a restart of the server: the loss shows, and heals by itself', async () => {
      const page = await sample.open('/sites');
      await page.locator('[role=grid]').waitFor();
      await sample.estate.restart(async () => {
        await page.getByText(/The connection was lost/).waitFor();
        await sample.screen.shot(page, 'connection-lost');
      });
      await sample.estate.server.send('register-site', { site: 'Kazan' });
      await page.getByRole('link', { name: 'Kazan' }).waitFor();
      await page.locator('.connection').waitFor({ state: 'detached' });
    });

    it('without asking for anything while nothing happens', async () => {
      const page = await sample.open('/');
      await page.getByRole('img', { name: /Users by generation/ }).waitFor();
      await page.waitForLoadState('load');
      await page.waitForTimeout(1500);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.waitForTimeout(4000);
      expect(asked).toEqual([]);
    });
  });

  it('comes in less than 300 kB, compressed, under a policy that allows nothing inline', async () => {
    const page = await sample.screen.page();
    const sizes = new Map<string, Promise<number>>();
    page.on('requestfinished', (request) => {
      if (!request.url().endsWith('/api/live'))
        sizes.set(
          request.url(),
          request.sizes().then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
        );
    });
    const answer = await page.goto(`${sample.url}/`);
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).not.toMatch(/unsafe/);
    await page.locator('input[name=token]').fill(TestServer.firstToken);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /Users by generation/ }).waitFor();
    const assets = await Promise.all(
      [...sizes].filter(([address]) => address.includes('/assets/')).map(([, size]) => size),
    );
    const kibibytes = assets.reduce((sum, size) => sum + size, 0) / kibibyte;
    expect(kibibytes).toBeGreaterThan(50);
    expect(kibibytes).toBeLessThan(firstLoadKibibytesMax);
  });
});
