import type { Locator, Page } from 'playwright-core';
import { expectText, tabTo, withBrowser } from './browser.js';
import { SampleConsole } from './sample-console.js';

jest.setTimeout(180_000);

withBrowser('somebody at the console', () => {
  const sample = SampleConsole.forTests();
  const read = async (path: string): Promise<unknown> => (await sample.estate.server.get(path)).body;

  /** By keyboard, once it takes it: a button is off while what was sent before has no answer. */
  async function press(where: Locator, page: Page, key = 'Enter'): Promise<void> {
    await where.click({ trial: true });
    await where.focus();
    await page.keyboard.press(key);
  }

  async function write(page: Page, field: string, text: string): Promise<void> {
    await page.locator(`.command-form [name=${field}]`).focus();
    await page.keyboard.type(text);
  }

  /** Asks for the plan of the form that is open, and sends what was planned. */
  async function planAndApply(page: Page): Promise<void> {
    await press(page.getByRole('button', { name: 'See the plan' }), page);
    await page.getByText('This would be done.').waitFor();
    await press(page.getByRole('button', { name: 'Apply', exact: true }), page);
    await page.getByText(/Recorded as event/).waitFor();
  }

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

  it('resolves a finding with what was done about it', async () => {
    const page = await sample.open('/findings');
    const card = page.locator('.gate', { hasText: 'prepare.same-forest' });
    await press(card.getByRole('button', { name: 'Resolve a finding' }), page);
    await page.waitForURL(/resolve-finding/);
    expect(await page.locator('[name=finding]').inputValue()).toBe('prepare.same-forest');
    await write(page, 'resolution', 'both are in contoso.com');
    await planAndApply(page);
    await page.goto(`${sample.url}/findings?find=status:resolved`);
    await expectText(page, '.gate', 'prepare.same-forest');
  });

  it('waives a finding with a reason, and finds it among the waived ones alone', async () => {
    const page = await sample.open('/findings');
    const card = page.locator('.gate', { hasText: 'prepare.federated-members' });
    await press(card.getByRole('button', { name: 'Waive a finding' }), page);
    await write(page, 'reason', 'nobody from outside is a member');
    await planAndApply(page);
    await page.goto(`${sample.url}/findings?find=status:waived`);
    await expectText(page, '.gate', 'prepare.federated-members');
    await page.goto(`${sample.url}/findings`);
    await page.locator('.gate').first().waitFor();
    expect(await page.locator('.gate', { hasText: 'prepare.federated-members' }).count()).toBe(0);
  });

  it('follows a finished migration with the evidence of its steps', async () => {
    const page = await sample.open('/migrations');
    await tabTo(page, '[role=grid]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/migrations\/petersburg/);
    await expectText(page, '.step.done', 'tape 4711');
    expect(await page.locator('.step.next').count()).toBe(0);
  });

  it('takes the next step of a migration, with evidence', async () => {
    const fields = { migration: 'redmond', source: 'chat10.contoso.com', target: 'chat13.contoso.com' };
    expect((await sample.estate.server.send('plan-migration', fields)).status).toBe(200);
    const page = await sample.open('/migrations/redmond');
    const next = page.locator('.step[aria-current=step]', { hasText: 'Back up the source' });
    await press(next.getByRole('button', { name: 'Record a backup' }), page);
    await write(page, 'reference', 'tape 5001');
    await planAndApply(page);
    await page.goto(`${sample.url}/migrations/redmond`);
    await expectText(page, '.step.done', 'tape 5001');
    await expectText(page, '.step[aria-current=step]', "Stop the source's services");
    await page.goto(`${sample.url}/`);
    await expectText(page, '.attention li', "The next step: Stop the source's services.");
  });

  it('attests a gate with evidence', async () => {
    const page = await sample.open('/pools/lync10.contoso.com?tab=gates');
    const gate = page.locator('.gate', { hasText: 'dns-records-updated' });
    await press(gate.getByRole('button', { name: 'Attest with evidence' }), page);
    await write(page, 'evidence', '_sipinternaltls leads to pool13');
    await planAndApply(page);
    await page.goto(`${sample.url}/pools/lync10.contoso.com?tab=gates`);
    await gate.getByText('_sipinternaltls leads to pool13').waitFor();
    await expectText(page, '[role=tab]', 'Gates 1 of 8');
  });

  it('finds rooms of a category and leaves one out of the migration', async () => {
    const { items } = (await read('/api/rooms?deployment=chat10.contoso.com&excluded=false&limit=1')) as {
      items: { room: string; category: string }[];
    };
    const { room = '', category = '' } = items[0] ?? {};
    const page = await sample.open('/content?deployment=chat10.contoso.com');
    await page.locator('[data-search]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(`category:"${category}"`);
    await page.keyboard.press('Escape');
    const row = page.getByRole('row', { name: new RegExp(escaped(room)) }).first();
    await press(row.getByRole('link', { name: 'exclude' }), page);
    await page.waitForURL(/exclude-room/);
    expect(await page.locator('[name=room]').inputValue()).toBe(room);
    await write(page, 'reason', 'nobody writes there');
    await planAndApply(page);
    await page.goto(`${sample.url}/content?deployment=chat10.contoso.com&find=excluded:true`);
    await page
      .getByRole('row', { name: new RegExp(escaped(room)) })
      .first()
      .waitFor();
  });

  it('goes from a category to its rooms', async () => {
    const page = await sample.open('/content?deployment=chat13.contoso.com&show=categories');
    const count = page.locator('.grid-row a[href*="show=rooms"]').first();
    const rooms = Number(await count.innerText());
    await press(count, page);
    await expectText(page, '.list-foot', rooms === 1 ? '1 room' : `${rooms} rooms`);
  });

  it('turns a policy and sees it turned', async () => {
    const page = await sample.open('/policies?find=scope:tag');
    const row = page.getByRole('row', { name: /tag:traders/ });
    await press(row.getByRole('link', { name: 'Disable' }), page);
    await expectText(page, '.briefing', /Effective for \d+ user/);
    await planAndApply(page);
    await page.goBack();
    await row.getByRole('link', { name: 'Enable' }).waitFor();
  });

  it('hands a link on: whoever opens it sees the same', async () => {
    const page = await sample.open('/users');
    await page.locator('[role=grid]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('pool:lync10.contoso.com ');
    await page.waitForURL(/find=pool/);
    await press(button(page, 'Columns'), page);
    await press(page.getByRole('menuitemcheckbox', { name: 'GUID' }), page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('[');
    await page.waitForURL(/asOf=@\d+/);
    await page.waitForURL(/columns=.*guid/);
    const shown = async (on: Page): Promise<readonly string[]> => {
      await on.getByRole('columnheader', { name: 'GUID' }).waitFor();
      await on.locator('.shell.past').waitFor();
      await on
        .locator('.list-foot')
        .filter({ hasText: /\d+ users?/ })
        .waitFor();
      return [await on.locator('.list-foot').innerText(), await on.locator('.grid-row').first().innerText()];
    };
    const link = page.url().slice(sample.url.length);
    const other = await sample.open(link);
    expect(await shown(other)).toEqual(await shown(page));
  });

  it('is told that a plan has gone stale, and makes a fresh one', async () => {
    const page = await sample.open('/users?find=pool:lync10.contoso.com');
    const { items, total } = (await read('/api/users?pool=lync10.contoso.com&limit=1')) as {
      items: { user: string }[];
      total: number;
    };
    await press(button(page, `Command for all ${total} found`), page);
    await press(page.getByRole('menuitem', { name: 'Home a user' }), page);
    await tabTo(page, 'input[name=pool]');
    await page.keyboard.type('pool13.contoso.com');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/plans\//);
    await page.getByText(`${total} will change.`).waitFor();
    await page.locator('input[name=reason]').fill('the second wave');
    await page.reload();
    await page.getByText(`${total} will change.`).waitFor();
    expect(await page.locator('input[name=reason]').inputValue()).toBe('the second wave');
    // Somebody else was quicker.
    await sample.estate.server.send('home-user', { user: items[0]?.user, pool: 'pool13.contoso.com' });
    await press(button(page, `Apply ${total} changes`), page);
    await expectText(page, '[role=alert]', items[0]?.user ?? '');
    const stale = page.url();
    const made: string[] = [];
    page.on('request', (request) => request.url().endsWith('/fresh') && made.push(request.url()));
    // Twice before anything is drawn.
    await button(page, 'Make a fresh plan').waitFor();
    await page.evaluate(`{
      const fresh = document.querySelector('.apply-plan button');
      fresh.click();
      fresh.click();
    }`);
    await page.waitForURL((address) => /\/plans\//.test(address.href) && address.href !== stale);
    expect(made).toHaveLength(1);
    expect(await page.locator('input[name=reason]').inputValue()).toBe('the second wave');
    await page.getByText(`${total - 1} will change.`).waitFor();
    const apply = button(page, `Apply ${total - 1} changes`);
    // Its answer is lost; then the reason is another.
    const keys: (string | undefined)[] = [];
    await page.route('**/apply', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      await (keys.length < 3 ? route.abort() : route.continue());
    });
    await apply.click();
    await expectText(page, '[role=alert]', 'The server cannot be reached.');
    await apply.click();
    await page.waitForFunction(`document.querySelector('.apply-plan button:not([aria-disabled=true])')`);
    await page.locator('input[name=reason]').fill('the third wave');
    await apply.click();
    await page.getByText(`${total - 1} of ${total - 1}`).waitFor();
    expect(await page.getByRole('link', { name: 'Open the plan' }).getAttribute('href')).toMatch(/^\/plans\//);
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('drops a file: how it is read, what is wrong in which line, the plan, and a run of what is right', async () => {
    const page = await sample.open('/import?what=home-user');
    await page.locator('.drop').waitFor();
    await drop(
      page,
      'moves.csv',
      'user;pool\r\npaul.perry@contoso.com;pool13-spb.contoso.com\r\nnobody@contoso.com;pool13.contoso.com\r\npaul perry;pool13.contoso.com\r\n',
    );
    const preview = page.getByRole('region', { name: 'What was recognised' });
    await expectText(preview, 'dl', 'semicolon');
    await press(button(page, 'See the plan'), page);
    await page.waitForURL(/\/plans\//);
    await page.getByText('1 will change.').waitFor();
    await press(page.getByRole('link', { name: '1 refused by' }), page);
    await expectText(page, '.grid-row', /^3.*nobody@contoso\.com/s);
    await press(page.getByRole('tab', { name: 'Invalid 1' }), page, 'Space');
    await page.waitForURL(/outcome=invalid/);
    await expectText(page, '.grid-row', /^4/);
    await press(button(page, 'Apply 1 change'), page);
    await page.waitForURL(/\/runs\//);
    await page.getByText('1 of 1').waitFor();
    await sample.estate.server.ready();
    expect(await read('/api/users/paul.perry@contoso.com')).toMatchObject({ pool: 'pool13-spb.contoso.com' });
  });

  it('pauses a run, lets it go on, stops it and has the rest done by another', async () => {
    const page = await sample.open('/import?what=enrol-user');
    await page.locator('.drop').waitFor();
    const rows = Array.from({ length: 60_000 }, (_, n) => `new.user${n}@contoso.com`);
    await drop(page, 'many.csv', `user\r\n${rows.join('\r\n')}\r\n`);
    await press(button(page, 'Send and run'), page);
    await page.waitForURL(/\/runs\//);
    await press(button(page, 'Pause'), page);
    await page.getByText('Paused', { exact: true }).waitFor();
    await press(button(page, 'Resume'), page);
    await page.getByText('Running', { exact: true }).waitFor();
    await press(button(page, 'Stop'), page);
    await page.getByText('Stopped', { exact: true }).waitFor();
    const stopped = (await read(`/api${new URL(page.url()).pathname}`)) as { processed: number; total: number };
    expect(stopped.processed).toBeLessThan(stopped.total);
    await press(button(page, 'Run what is left'), page);
    await page.getByText('Running', { exact: true }).waitFor();
    await press(button(page, 'Stop'), page);
    await page.getByText('Stopped', { exact: true }).waitFor();
  });

  it('goes on with a run as soon as its state shows, also where what was sent before has no answer yet', async () => {
    const page = await sample.open('/import?what=enrol-user');
    await page.locator('.drop').waitFor();
    const rows = Array.from({ length: 60_000 }, (_, n) => `later.user${n}@contoso.com`);
    await drop(page, 'later.csv', `user\r\n${rows.join('\r\n')}\r\n`);
    await press(button(page, 'Send and run'), page);
    await page.waitForURL(/\/runs\//);
    let answer = (): void => undefined;
    const held = new Promise<void>((done) => (answer = done));
    await page.route('**/pause', async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    await press(button(page, 'Pause'), page);
    await page.getByText('Paused', { exact: true }).waitFor();
    await press(button(page, 'Stop'), page);
    await page.getByText('Stopped', { exact: true }).waitFor();
    answer();
  });

  it('finds in the timeline whom the rows of a run were about that went right', async () => {
    const page = await sample.open('/import?what=enrol-user');
    await page.locator('.drop').waitFor();
    await drop(page, 'few.csv', 'user\r\nthe.first@contoso.com\r\nthe.second@contoso.com\r\nno address\r\n');
    await press(button(page, 'Send and run'), page);
    await page.waitForURL(/\/runs\//);
    await page.getByText('3 of 3').waitFor();
    await press(page.getByRole('tab', { name: 'Done 2' }), page, 'Space');
    await press(page.getByRole('link', { name: /^See in the timeline/ }), page);
    await page.waitForURL(/\/timeline/);
    await expectText(page, '.timeline', /the\.second@contoso\.com.*the\.first@contoso\.com/s);
    await expectText(page, '.list-foot', '3 entries');
  });

  it('is told beforehand of whom a policy makes ready, and that it would change nothing where it says so already', async () => {
    const page = await sample.open('/commands/enable-policy?policy=tag:no-chat');
    const briefing = page.getByRole('region', { name: 'Before you decide' });
    await expectText(briefing, 'p', /will be ready/);
    await page.goto(`${sample.url}/commands/enable-policy?policy=site:Redmond`);
    await expectText(briefing, 'p', /enabled already/);
    expect(await briefing.getByText(/will be ready/).count()).toBe(0);
  });
});

/** As a mouse would: there is no key for it (a file is chosen with the button). */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'text/csv' }));
      return transfer;
    })()`,
  );
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
