import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { badFields, expectProblem } from './problem-matchers.js';
import { type Answer, TestServer } from './server.js';

const pool = 'pool13.contoso.com';
let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  await server.send('register-site', { site: 'Redmond' });
  await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Redmond' });
  await server.send('register-pool', { pool: 'ocs01.contoso.com', generation: 'ocs-2007-r2', site: 'Redmond' });
  await server.send('register-pool', { pool: 'lync10.contoso.com', generation: 'lync-2010', site: 'Redmond' });
  await server.send('create-policy', { policy: 'tag:Traders', enabled: true });
});
afterAll(async () => {
  expect(server.output).not.toMatch(/"level":"(error|fatal)"/);
  await server.dispose();
});

const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, more: { token?: string; key?: string } = {}): Promise<Answer> =>
  server.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...json, ...(more.key && { 'idempotency-key': more.key }) },
    ...(more.token && { token: more.token }),
  });
const file = (path: string, body: string, type = 'text/csv'): Promise<Answer> =>
  server.request(path, { method: 'POST', body, headers: { 'content-type': type } });
const planOf = (users: object, fields: object = { pool }, command = 'HomeUser'): Promise<Answer> =>
  post('/api/plans', { command, fields, for: { users } });

const parts = (): string[] => readdirSync(join(server.dataDir, 'files')).filter((name) => name.endsWith('.part'));

/** What the server answers to these bytes within a moment, after which the connection is cut. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer)).on('error', () => undefined);
    setTimeout(() => socket.destroy(), 300);
  });
}

let named = 0;
/** Users of their own for each test, found by a name of their own. */
async function enrolled(
  count: number,
  home: string | undefined = 'ocs01.contoso.com',
): Promise<{ name: string; users: string[] }> {
  const name = `team${++named}x`;
  const users = Array.from({ length: count }, (_, n) => `sip:${name}-${n}@contoso.com`);
  for (const user of users) await server.send('enrol-user', { user, ...(home && { pool: home }) });
  return { name, users };
}

async function made(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body, text } = await answer;
  if (status !== 201) throw new Error(`${status} ${text}`);
  return body;
}

async function finished(accepted: Answer): Promise<Answer['body']> {
  expect([accepted.status, accepted.text]).toEqual([202, expect.anything()]);
  for (let waited = 0; waited < 200; waited++) {
    const { body } = await server.get(accepted.headers.get('location') ?? '');
    if (body?.state === 'done') return body;
    await sleep(50);
  }
  throw new Error('the run is not done');
}

test('a plan of a command for the users that pass a filter', async () => {
  const { name, users } = await enrolled(3);
  await server.send('home-user', { user: users[1], pool });
  const answer = await planOf({ q: name });
  expect(answer.status).toBe(201);
  const { body } = answer;
  expect(answer.headers.get('location')).toBe(`/api/plans/${body.plan}`);
  expect(body).toEqual({
    plan: expect.stringMatching(/^[0-9a-f-]{36}$/),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    position: expect.stringMatching(/^\d+$/),
    kind: 'home-user',
    counts: { done: 2, unchanged: 1, refused: 0, invalid: 0 },
    reasons: [],
    events: { UserHomed: 2 },
    by: { id: expect.anything(), name: expect.anything() },
    expiresAt: expect.stringMatching(/Z$/),
  });
  const after = answer.headers.get('log-position') ?? '';
  const shown = await server.get(`/api/plans/${body.plan}?after=${after}`);
  expect(shown.body).toMatchObject({
    ...body,
    state: 'open',
    command: 'HomeUser',
    fields: { pool },
    for: { users: { q: name } },
    file: null,
    total: 3,
    run: null,
  });
  expect(Date.parse(shown.body.expiresAt) - Date.parse(shown.body.madeAt)).toBeLessThanOrEqual(24 * 3_600_000);
  const { body: list } = await server.get('/api/plans?limit=1');
  expect(list.items).toEqual([shown.body]);
});

test('the rows of a plan tell before and after, and are found by outcome, rule and text', async () => {
  const { name, users } = await enrolled(3, 'lync10.contoso.com');
  await server.send('grant-policy', { user: users[0], policy: 'tag:Traders' });
  await server.send('create-policy', { policy: 'tag:Others' });
  await server.send('retire-user', { user: users[2] });
  const rows = [...users.map((user) => `${user},tag:Others`), `nobody${name}@contoso.com,tag:Nope`, 'x,tag:Others'];
  const plan = await made(file('/api/plans/bulk/grant-policy', `user,policy\n${rows.join('\n')}\n`));
  expect(plan).toMatchObject({
    counts: { done: 2, unchanged: 0, refused: 2, invalid: 1 },
    reasons: [
      { rule: 'homing.unknown-user', count: 1 },
      { rule: 'homing.user-retired', count: 1 },
      { rule: 'policy.unknown', count: 1 },
    ],
  });
  await server.caughtUp();
  const at = `/api/plans/${plan.plan}/rows`;
  const { body } = await server.get(at);
  expect(body.total).toBe(5);
  expect(body.items[0]).toEqual({
    row: 1,
    line: 2,
    outcome: 'done',
    commands: ['GrantPolicy'],
    subject: `user:${users[0]}`,
    events: [{ type: 'PolicyGranted', data: { user: users[0], policy: 'tag:Others' } }],
    changes: [{ subject: `user:${users[0]}`, field: 'granted', before: 'tag:Traders', after: 'tag:Others' }],
    column: null,
    value: null,
    message: null,
    refusals: [],
  });
  expect(body.items[1].changes[0]).toMatchObject({ before: null });
  expect(body.items[4]).toMatchObject({ line: 6, outcome: 'invalid', column: 'user', value: 'x', subject: null });
  const lines = async (query: string): Promise<unknown> => {
    const { body } = await server.get(`${at}?${query}`);
    return [body.total, body.items.map(({ line }: { line: number }) => line)];
  };
  expect(await lines('outcome=refused')).toEqual([2, [4, 5]]);
  expect(await lines('rule=homing.user-retired')).toEqual([1, [4]]);
  expect(await lines('rule=homing.user')).toEqual([0, []]);
  expect(await lines(`q=${name.toUpperCase()}-1`)).toEqual([1, [3]]);
  expect(await lines('q=tag:others&outcome=done')).toEqual([2, [2, 3]]);
  const first = await server.get(`${at}?limit=2`);
  const second = await server.get(`${at}?limit=2&cursor=${first.body.next}`);
  expect(second.body.items.map(({ line }: { line: number }) => line)).toEqual([4, 5]);
  expectProblem(await server.get(`${at}?outcome=done&cursor=${first.body.next}`), 400);
  expectProblem(await server.get(`${at}?outcome=maybe`), 400);
});

test('a row tells as before what the rows before it leave', async () => {
  const { users } = await enrolled(2, undefined);
  const [alice, bob] = users;
  await server.send('enrol-user', { user: alice, displayName: 'Alice' });
  const rows = [`${alice},A,x`, `${bob},B,`, `${alice},,y`, `${alice?.toUpperCase()},C,`, `${bob},D,`];
  const plan = await made(file('/api/plans/bulk/enrol-user', `user,displayName,reason\n${rows.join('\n')}\n`));
  await server.caughtUp();
  const at = `/api/plans/${plan.plan}/rows`;
  const { body } = await server.get(at);
  const told = ({ changes }: { changes: { before: unknown; after: unknown }[] }): unknown[] =>
    changes.map(({ before, after }) => [before, after]);
  expect(body.items.map(told)).toEqual([[['Alice', 'A']], [[null, 'B']], [], [['A', 'C']], [['B', 'D']]]);
  const last = await server.get(`${at}?limit=2&outcome=done&q=${bob}`);
  expect(last.body.items.map(told)).toEqual([[[null, 'B']], [['B', 'D']]]);
});

test('applying does what was planned, under a reason and a ticket', async () => {
  const { name, users } = await enrolled(3);
  const { plan, hash } = await made(planOf({ q: name }));
  const ticket = `CHG-${name}`;
  const run = await finished(await post(`/api/plans/${plan}/apply`, { hash, reason: 'the pilot', ticket }));
  expect(run).toMatchObject({ kind: 'home-user', total: 3, counts: { done: 3, unchanged: 0, refused: 0, invalid: 0 } });
  await server.caughtUp();
  for (const user of users) expect((await server.get(`/api/users/${user}`)).body.pool).toBe(pool);
  expect((await server.get(`/api/plans/${plan}`)).body).toMatchObject({ state: 'applied', run: run.run });
  const { body } = await server.get(`/api/timeline?ticket=${ticket}&rows=true`);
  const told = (body.items as { command: string; reason: string }[]).map(({ command, reason }) => [command, reason]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['ApplyPlan', 'the pilot'],
      ['BulkHomeUser', 'the pilot'],
      ['HomeUser', 'the pilot'],
    ]),
  );
  const { items } = (await server.get(`/api/timeline?subject=plan:${plan}`)).body;
  expect((items as { command: string }[]).map(({ command }) => command)).toEqual(['ApplyPlan', 'MakePlan']);
});

describe('a plan that cannot be applied is a clear 409:', () => {
  test('what it rests on has moved', async () => {
    const { name, users } = await enrolled(2);
    const { plan, hash } = await made(planOf({ q: name }));
    await server.send('enrol-user', { user: users[0], displayName: 'Somebody else' });
    const answer = await post(`/api/plans/${plan}/apply`, { hash });
    expectProblem(answer, 409);
    expect(answer.body).toMatchObject({
      type: '/problems/stale-plan',
      moved: { count: 1, subjects: [`user:${users[0]}`] },
      fresh: { method: 'POST', href: `/api/plans/${plan}/fresh` },
    });
    const fresh = await made(server.request(answer.body.fresh.href, { method: 'POST' }));
    expect(fresh.counts).toMatchObject({ done: 2 });
    await finished(await post(`/api/plans/${fresh.plan}/apply`, { hash: fresh.hash }));
  });

  test('it was applied before, or by somebody else at the same time', async () => {
    const { name } = await enrolled(2);
    const { plan, hash } = await made(planOf({ q: name }));
    const answers = await Promise.all([1, 2, 3].map(() => post(`/api/plans/${plan}/apply`, { hash })));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 202) expectProblem(answer, 409);
    const { run } = await finished(accepted[0]!);
    const again = await post(`/api/plans/${plan}/apply`, { hash });
    expectProblem(again, 409);
    expect(again.body).toMatchObject({ type: '/problems/plan-closed', run });
  });

  test('the hash is that of another plan', async () => {
    const { name } = await enrolled(1);
    const one = await made(planOf({ q: name }));
    const other = await made(planOf({ q: name }, { pool: 'lync10.contoso.com' }));
    const answer = await post(`/api/plans/${one.plan}/apply`, { hash: other.hash });
    expectProblem(answer, 409);
    expect(answer.body.type).toBe('/problems/plan-closed');
  });
});

test('with an Idempotency-Key the same run is answered again', async () => {
  const { name } = await enrolled(1);
  const { plan, hash } = await made(planOf({ q: name }));
  const first = await finished(await post(`/api/plans/${plan}/apply`, { hash }, { key: name }));
  const second = await post(`/api/plans/${plan}/apply`, { hash }, { key: name });
  expect([second.status, second.body.run]).toEqual([202, first.run]);
  const { status, body } = await post(`/api/plans/${plan}/apply`, { reason: null, hash }, { key: name });
  expect([status, body.detail]).toEqual([409, expect.stringContaining('Idempotency-Key')]);
});

describe('what is malformed names what is wrong:', () => {
  test.each<[string, unknown, string[]]>([
    ['no body', undefined, ['']],
    ['a list', [], ['']],
    ['no command', { for: { users: {} } }, ['command']],
    ['an unknown command', { command: 'DropTable', for: { users: {} } }, ['command']],
    ['a command for no user', { command: 'SealPool', fields: { pool }, for: { users: {} } }, ['command']],
    ['a command that stands in no file', { command: 'IssueToken', for: { users: {} } }, ['command']],
    ['fields that are missing', { command: 'HomeUser', for: { users: {} } }, ['fields.pool']],
    ['nobody to do it for', { command: 'HomeUser', fields: { pool } }, ['for']],
    [
      'a user of its own',
      { command: 'HomeUser', fields: { pool, user: 'a@b.c' }, for: { users: {} } },
      ['fields.user'],
    ],
    [
      'everything at once',
      {
        command: 'HomeUser',
        fields: { pool: 'x', colour: 1 },
        for: { users: { ready: 'maybe', shoe: 1 }, rooms: {} },
        now: true,
      },
      ['now', 'fields.colour', 'fields.pool', 'for.rooms', 'for.users.ready', 'for.users.shoe'],
    ],
  ])('%s', async (_, body, fields) => {
    const answer = await server.request('/api/plans', {
      method: 'POST',
      headers: json,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expectProblem(answer, 400);
    expect(badFields(answer)).toEqual(fields);
  });

  test.each<[unknown, string[]]>([
    [undefined, ['']],
    [{}, ['hash']],
    [{ hash: 'x', when: 'now' }, ['when', 'hash']],
    [{ hash: 'a'.repeat(64), reason: '', ticket: 'x'.repeat(101) }, ['reason', 'ticket']],
  ])('applying with %j', async (body, fields) => {
    const { name } = await enrolled(1);
    const { plan } = await made(planOf({ q: name }));
    const answer = await server.request(`/api/plans/${plan}/apply`, {
      method: 'POST',
      headers: json,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expectProblem(answer, 400);
    expect(badFields(answer)).toEqual(fields);
  });

  test('a file that is none, and a column that is unknown or doubled, make no plan', async () => {
    await server.caughtUp();
    const before = (await server.get('/api/plans')).body.total;
    expectProblem(await file('/api/plans/imports/users', '<html>'), 400);
    expectProblem(await file('/api/plans/bulk/home-user', 'user,pool,pool\n'), 400);
    expectProblem(await file('/api/plans/bulk/home-user', 'user,pool,shoe\n'), 400);
    expectProblem(await file('/api/plans/bulk/home-user', '{}', 'application/json'), 415);
    expectProblem(await file('/api/plans/bulk/nothing', 'a\n'), 404);
    expectProblem(await file('/api/plans/bulk/issue-token', 'a\n'), 404);
    await server.caughtUp();
    expect((await server.get('/api/plans')).body.total).toBe(before);
  });

  test('an upload that is cut in the middle, or promised to be endless, makes no plan and leaves nothing behind', async () => {
    await server.caughtUp();
    const before = (await server.get('/api/plans')).body.total;
    const sent = (length: number): Promise<string> =>
      raw(
        `POST /api/plans/bulk/home-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TestServer.firstToken}\r\n` +
          `Content-Type: text/csv\r\nContent-Length: ${length}\r\n\r\nuser,pool\r\nalice@contoso.com,${pool}\r\n`,
      );
    await sent(1000);
    expect(await sent(2 ** 40)).toMatch(/^HTTP\/1.1 413 /);
    await server.caughtUp();
    expect((await server.get('/api/plans')).body.total).toBe(before);
    for (let waited = 0; waited < 100 && parts().length > 0; waited++) await sleep(20);
    expect(parts()).toEqual([]);
  });

  test.each(['/api/plans/nonsense', '/api/plans/00000000-0000-0000-0000-000000000000'])('%s is a 404', async (path) => {
    for (const what of ['', '/rows', '/script']) expectProblem(await server.get(path + what), 404);
    expectProblem(await post(`${path}/apply`, { hash: 'a'.repeat(64) }), 404);
    expectProblem(await post(`${path}/fresh`, {}), 404);
  });

  test('parameters that no plan has', async () => {
    expectProblem(
      await post('/api/plans?now=true', { command: 'HomeUser', fields: { pool }, for: { users: {} } }),
      400,
    );
    expectProblem(await server.get('/api/plans?colour=red'), 400);
  });
});

test('plans are for those who may send what they plan; everybody reads them', async () => {
  const { name } = await enrolled(1);
  const { plan, hash } = await made(planOf({ q: name }));
  const auditor = await server.issueToken(['auditor']);
  const body = { command: 'HomeUser', fields: { pool }, for: { users: { q: name } } };
  expectProblem(await post('/api/plans', body, { token: auditor.secret }), 403);
  expectProblem(await post(`/api/plans/${plan}/apply`, { hash }, { token: auditor.secret }), 403);
  expectProblem(await post(`/api/plans/${plan}/fresh`, {}, { token: auditor.secret }), 403);
  await server.caughtUp();
  for (const what of ['', '/rows', '/script'])
    expect((await server.request(`/api/plans/${plan}${what}`, { token: auditor.secret })).status).toBe(200);
  const { items } = (await server.get(`/api/timeline?outcome=denied&actor=${auditor.token}`)).body;
  const denied = (items as { command: string; subjects: string[] }[]).map(({ command, subjects }) => [
    command,
    subjects,
  ]);
  expect(denied).toEqual([
    ['MakePlan', [`plan:${plan}`]],
    ['ApplyPlan', [`plan:${plan}`]],
    ['PlanHomeUser', []],
  ]);
  const operator = await server.issueToken(['operator']);
  const gates = 'subject,gate,reason\npool:ocs01.contoso.com,dns-records-updated,moved\n';
  const waive = (token: string): Promise<Answer> =>
    server.request('/api/plans/bulk/waive-gate', {
      method: 'POST',
      body: gates,
      headers: { 'content-type': 'text/csv' },
      token,
    });
  expectProblem(await waive(operator.secret), 403);
  const approver = await server.issueToken(['approver']);
  expect((await waive(approver.secret)).status).toBe(201);
});

test('a plan of content is the import of it, asked first', async () => {
  await server.send('register-deployment', {
    deployment: 'chat13.contoso.com',
    generation: 'lync-2013',
    homedOn: pool,
  });
  const rows = ['IT,', 'IT,Help desk', ',,', 'IT\\Nested,Too deep'];
  const csv = `CategoryPath,Room\n${rows.join('\n')}\n`;
  expectProblem(await file('/api/plans/imports/content', csv), 400);
  const { plan, hash, counts } = await made(file('/api/plans/imports/content?deployment=chat13.contoso.com', csv));
  expect(counts).toEqual({ done: 2, unchanged: 0, refused: 1, invalid: 1 });
  const run = await finished(await post(`/api/plans/${plan}/apply`, { hash }));
  expect(run).toMatchObject({ kind: 'content', total: 2, counts: { done: 2 } });
  const { text } = await server.get(`/api/plans/${plan}/script`);
  expect(text).toContain(
    `Invoke-IfApplied { New-CsPersistentChatRoom -Name 'Help desk' -PersistentChatPoolFqdn 'chat13.contoso.com' -Category 'chat13.contoso.com\\IT' -Type 'Normal' -Privacy 'Closed' } # row 2, line 3`,
  );
});

test('the examples of the docs work', async () => {
  const { paths } = (await server.get('/api/openapi.json')).body;
  const { post: planning, get } = paths['/api/plans'];
  expect(get).toBeDefined();
  const example = planning.requestBody.content['application/json'].example;
  expect((await post('/api/plans', example)).status).toBe(201);
  const files = Object.keys(paths).filter((path) => /^\/api\/plans\/(imports|bulk)\//.test(path));
  expect(files).toHaveLength(3);
  for (const path of files) {
    const { parameters, requestBody } = paths[path].post;
    const { example: command } = parameters.find(({ in: where }: { in: string }) => where === 'path') ?? {};
    const { name, example: value } = parameters.find(({ in: where }: { in: string }) => where === 'query') ?? {};
    const address = path.replace('{command}', String(command)) + (name ? `?${name}=${value}` : '');
    if (name) await server.send('register-deployment', { deployment: value, generation: 'lync-2013', homedOn: pool });
    for (const [type, { example: text }] of Object.entries<{ example: string }>(requestBody.content)) {
      const { counts } = await made(file(address, text, type));
      expect(counts.invalid).toBe(0);
    }
  }
});

test('a plan as PowerShell', async () => {
  const { name, users } = await enrolled(1);
  await server.send('enrol-user', { user: `o'${name}@contoso.com`, pool: 'lync10.contoso.com' });
  const rows = [
    `${users[0]},Zoë,${pool},Traders`,
    `o'${name}@contoso.com,"Бори́с ‘Bo’",${pool},`,
    `new-${name}@contoso.com,New,,`,
  ];
  const csv = `SipAddress,DisplayName,RegistrarPool,PersistentChatPolicy\n${rows.join('\n')}\n`;
  const { plan } = await made(file('/api/plans/imports/users', csv));
  const answer = await server.request(`/api/plans/${plan}/script`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const lines = answer.text.split('\r\n');
  expect(lines).toEqual(expect.arrayContaining(['  [switch] $Apply', '$WhatIf = -not $Apply']));
  const body = lines.slice(lines.findIndex((line) => line.startsWith('# ---')));
  expect(body.filter((line) => line !== '')).toEqual([
    expect.stringMatching(/^# --- Users/),
    `Move-CsLegacyUser -Identity '${users[0]}' -Target '${pool}' -WhatIf:$WhatIf -Confirm:$false # row 1, line 2`,
    `Move-CsUser -Identity 'sip:o''${name}@contoso.com' -Target '${pool}' -WhatIf:$WhatIf -Confirm:$false # row 2, line 3`,
    expect.stringMatching(/^# --- Grants/),
    `Grant-CsPersistentChatPolicy -Identity '${users[0]}' -PolicyName 'Traders' -WhatIf:$WhatIf -Confirm:$false # row 1, line 2`,
    '# --- Rows that no cmdlet does ---',
    `# row 3, line 4: enrolled sip:new-${name}@contoso.com (New)`,
  ]);
  const authorization = `Bearer ${TestServer.firstToken}`;
  const bytes = await (await fetch(`${server.url}/api/plans/${plan}/script`, { headers: { authorization } })).bytes();
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
});

test('a plan survives kill -9, and so does what applies it', async () => {
  const first = await TestServer.start();
  const { dataDir } = first;
  const running = [first];
  const restarted = async (): Promise<TestServer> => {
    await running.at(-1)!.kill();
    const next = await TestServer.start({ dataDir });
    running.push(next);
    await next.ready();
    return next;
  };
  try {
    await first.ready();
    const rows = Array.from({ length: 4000 }, (_, n) => `Site ${n}\n`);
    const { plan, hash } = (
      await first.request('/api/plans/bulk/register-site', {
        method: 'POST',
        body: `site\n${rows.join('')}`,
        headers: { 'content-type': 'text/csv' },
      })
    ).body;
    const second = await restarted();
    const { status, headers } = await second.request(`/api/plans/${plan}/apply`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ hash }),
    });
    expect(status).toBe(202);
    const third = await restarted();
    const location = headers.get('location') ?? '';
    for (let waited = 0; waited < 200; waited++) {
      if ((await third.get(location)).body?.state === 'done') break;
      await sleep(50);
    }
    expect((await third.get(location)).body).toMatchObject({ total: 4000, counts: { done: 4000, refused: 0 } });
    expect((await third.get('/api/sites?limit=1')).body.total).toBe(4000);
    const again = await third.request(`/api/plans/${plan}/apply`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ hash }),
    });
    expectProblem(again, 409);
  } finally {
    await running.at(-1)!.kill();
    await first.dispose();
  }
});
