import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem } from './problem-matchers.js';
import { type Answer, TestServer } from './server.js';

let server: TestServer;
/** Of another person than the first token's. */
let second: string;
let planned: string;

const source = 'gchat10.contoso.com';
const target = 'chat13.contoso.com';
const migration = 'chat';

/** Of the last command that was done: the views are to have seen it. */
let last = '0';
async function done(command: string, fields: object, token?: string): Promise<string> {
  const answer = await server.send(command, fields, token === undefined ? {} : { token });
  expect([command, answer.status, answer.body.outcome]).toEqual([command, 200, 'done']);
  last = answer.body.position as string;
  return last;
}

beforeAll(async () => {
  server = await TestServer.start();
  await server.ready();
  await done('register-site', { site: 'Redmond' });
  for (const [pool, generation] of [
    ['lync10.contoso.com', 'lync-2010'],
    ['pool13.contoso.com', 'lync-2013'],
  ])
    await done('register-pool', { pool, generation, site: 'Redmond' });
  await done('register-deployment', { deployment: source, generation: 'lync-2010', homedOn: 'lync10.contoso.com' });
  await done('register-deployment', { deployment: target, generation: 'lync-2013', homedOn: 'pool13.contoso.com' });
  await done('add-category', { deployment: source, category: 'Trading', invitations: false });
  await done('add-category', { deployment: source, category: 'FX', parent: 'Trading' });
  await done('add-room', { deployment: source, category: 'Trading', room: 'Lobby' });
  await done('add-room', { deployment: source, category: 'FX', room: 'Desk' });
  await done('add-room', { deployment: source, category: 'FX', room: 'Old' });
  await done('exclude-room', { deployment: source, room: 'Old', reason: 'unused since 2011' });
  await done('add-category', { deployment: target, category: 'Company' });
  await done('add-room', { deployment: target, category: 'Company', room: 'LOBBY' });
  planned = await done('plan-migration', { migration, source, target, lookupUri: 'sip:ocschat@contoso.com' });
  const issued = await server.send('issue-token', { name: 'Anna', roles: ['approver'] });
  second = issued.body.secret as string;
});
afterAll(() => server.dispose());

const get = (path: string): Promise<Answer> => server.get(path);
type Step = { readonly step: string; readonly status: string; readonly missing: readonly string[] };
const stepOf = async (name: string): Promise<Step> => {
  const { body } = await get(`/api/migrations/${migration}?after=${last}`);
  return (body.steps as Step[]).find(({ step }) => step === name)!;
};

test('a run that is planned says what is missing, and what deserves attention', async () => {
  const { body } = await get(`/api/migrations/${migration}?after=${planned}`);
  expect(body).toMatchObject({
    migration,
    source,
    target,
    state: 'planned',
    carriedOver: { categories: 0, rooms: 0, addIns: 0, clashes: 0, clashNames: [] },
  });
  expect(await stepOf('source-backup')).toMatchObject({ status: 'next', missing: [] });
  expect(await stepOf('source-stop')).toMatchObject({ status: 'blocked', missing: ['migration.no-source-backup'] });
  const { body: list } = await get('/api/migrations');
  expect(list).toMatchObject({ items: [body], next: null, total: 1 });

  const found = (await get(`/api/findings?subject=migration:${migration}`)).body;
  expect(found.items.map(({ finding, status }: { finding: string; status: string }) => `${finding} ${status}`)).toEqual(
    [
      'content.name-clash open',
      'prepare.federated-members open',
      'prepare.old-admin-tools open',
      'prepare.root-managers open',
      'prepare.same-forest open',
    ],
  );
  expect(found.items[0]).toMatchObject({
    severity: 'warning',
    count: 1,
    offenders: [`room:${target}/Lobby`],
    by: null,
  });
  expect((await get(`/api/findings?subject=deployment:${source}&severity=info`)).body.items).toMatchObject([
    { finding: 'content.invitations-forced-off', offenders: [`category:${source}/Trading`] },
    { finding: 'content.nested-categories', count: 1, offenders: [`category:${source}/FX`] },
  ]);
  expect((await get(`/api/deployments/${source}`)).body).toMatchObject({
    migration,
    openFindings: { error: 0, warning: 5, info: 2 },
  });
});

test('findings are resolved and waived, and a waiver lapses by itself', async () => {
  const about = `migration:${migration}`;
  const resolution = 'none was left';
  const expiresAt = new Date(Date.now() + 2_000).toISOString();
  await done('resolve-finding', { subject: about, finding: 'prepare.root-managers', resolution });
  const waiver = { subject: about, finding: 'content.name-clash', reason: 'the lobby is empty', expiresAt };
  const waived = await done('waive-finding', waiver);
  const listed = async (query: string) =>
    ((await get(`/api/findings?subject=${about}&${query}&after=${waived}`)).body.items as { finding: string }[]).map(
      ({ finding }) => finding,
    );
  expect(await listed('status=resolved')).toEqual(['prepare.root-managers']);
  expect((await get(`/api/findings?subject=${about}&status=resolved`)).body.items).toMatchObject([
    { evidence: resolution, by: { name: expect.any(String) }, at: expect.any(String), expiresAt: null },
  ]);
  for (let waited = 0; waited < 300 && (await listed('status=waived')).length > 0; waited++) await sleep(20);
  expect(await listed('status=open')).toContain('content.name-clash');
  expect((await get(`/api/findings?subject=${about}&status=waived&asOf=@${waived}`)).body.total).toBe(1);
});

test('a run played to its end carries the content over, opens its gates and tells what it overwrote', async () => {
  const [side, counts] = [
    { migration, side: 'source' },
    { categories: 2, rooms: 2, addIns: 0 },
  ];
  await done('record-backup', { ...side, reference: 'tape 4711' });
  await done('stop-services', side);
  await done('record-export', { migration, file: 'C:\\export.zip', ...counts });
  const refused = await server.send('approve-inspection', { migration });
  expect(refused.body.refusals).toMatchObject([{ rule: 'approval.same-person' }]);
  await done('approve-inspection', { migration }, second);
  await done('stop-services', { migration, side: 'target' });
  await done('record-backup', { migration, side: 'target', reference: 'tape 4712' });
  await done('record-dry-run', { migration, errors: 0, warnings: 2, report: 'C:\\dry.html' });
  expect(await stepOf('dry-run')).toMatchObject({ status: 'next', evidence: '0 errors and 2 warnings; C:\\dry.html' });
  expect(await stepOf('import')).toMatchObject({ status: 'blocked', missing: ['migration.dry-run-not-clean'] });
  await done('record-dry-run', { migration, errors: 0, warnings: 0 });
  const imported = await done('record-import', { migration, ...counts });
  await server.get(`/api/migrations/${migration}?after=${imported}`);
  const carried = async () => (await get(`/api/migrations/${migration}`)).body.carriedOver as { rooms: number };
  for (let waited = 0; waited < 100 && (await carried()).rooms < 2; waited++) await sleep(50);
  const clashed = { clashes: 1, clashNames: ['LOBBY'], pending: false };
  expect(await carried()).toEqual({ categories: 2, rooms: 2, addIns: 0, ...clashed });
  expect((await get(`/api/migrations/${migration}`)).body.rollback).toEqual({
    possible: true,
    refusals: [],
    takesOut: { categories: 2, rooms: 2, addIns: 0 },
    restores: 1,
    losesNewMessages: false,
  });
  const rollback = { migration, reason: 'what would it cost?' };
  const asked = await server.send('roll-back-migration?plan=true', rollback);
  expect(asked.body.events).toMatchObject([
    { data: { undoes: { takesOut: { categories: 2, rooms: 2, addIns: 0 }, restores: 1, keeps: 0 } } },
  ]);

  const rooms = (await get(`/api/rooms?deployment=${target}`)).body.items;
  expect(rooms).toMatchObject([
    { room: 'Lobby', category: 'Trading', carriedOverFrom: { deployment: source, name: 'Lobby' } },
    { room: 'Trading - FX - Desk', category: 'Trading - FX', carriedOverFrom: { deployment: source, name: 'Desk' } },
  ]);
  const gates = (await get(`/api/gates/deployment:${source}`)).body.gates as { gate: string; status: string }[];
  expect(gates.find(({ gate }) => gate === 'rooms-accounted')).toMatchObject({ status: 'met', offenders: [] });
  expect(gates.find(({ gate }) => gate === 'migrated')).toMatchObject({ status: 'not-met' });

  await done('record-files-copied', { migration, files: 12, bytes: 3456 });
  await done('delete-lookup-account', { migration, uri: 'sip:ocschat@contoso.com' });
  await done('add-legacy-endpoint', { deployment: target, uri: 'sip:ocschat@contoso.com' });
  await done('start-services', { migration, side: 'target' });
  await done('record-verification', { migration, method: 'chat-upgrade-verifier', conflicts: 0 });
  const completed = await done('complete-migration', { migration });
  const { body } = await get(`/api/migrations/${migration}?after=${completed}`);
  expect(body.state).toBe('completed');
  expect((body.steps as Step[]).map(({ status }) => status)).toEqual(Array.from(body.steps, () => 'done'));
  // As it was, it stays readable.
  expect((await get(`/api/migrations/${migration}?asOf=@${planned}`)).body.state).toBe('planned');
  expect((await get(`/api/rooms?deployment=${target}&asOf=@${planned}`)).body.items).toMatchObject([
    { room: 'LOBBY', carriedOverFrom: null },
  ]);
  const diff = await get(`/api/diff?from=@${planned}&limit=500`);
  expect(diff.body.items).toEqual(
    expect.arrayContaining([expect.objectContaining({ subject: `migration:${migration}`, change: 'changed' })]),
  );
});

test('the procedure as a script asks first, tells what is done, and never takes a step that lacks something', async () => {
  const now = await get(`/api/migrations/${migration}/script`);
  expect([now.status, now.headers.get('content-type'), now.headers.get('content-disposition')]).toEqual([
    200,
    'text/plain; charset=utf-8',
    `attachment; filename="migration-${migration}.ps1"`,
  ]);
  expect(now.text).toContain('# Import-CsPersistentChatData');
  expect(now.text).not.toMatch(/^(Import|Export|New)-Cs/m);
  const { text } = await get(`/api/migrations/${migration}/script?asOf=@${planned}`);
  const lines = text.split('\r\n');
  const first = (start: string) => lines.findIndex((line) => line.startsWith(start));
  const imports = lines.filter((line) => line.startsWith('Import-CsPersistentChatData'));
  expect(imports).toHaveLength(2);
  for (const line of imports) expect(line).toMatch(/ -WhatIf$/);
  const order = [
    // It lacks a backup of the source: applied or not, it is not run.
    '# Export-CsPersistentChatData -DBInstance $SourceDBInstance',
    'Stop-CsWindowsService',
    'Import-CsPersistentChatData',
    "New-CsPersistentChatEndpoint -SipAddress 'sip:ocschat@contoso.com' -PersistentChatPoolFqdn 'chat13.contoso.com'",
    'Start-CsWindowsService',
  ].map((start) => first(start));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('the script of a migration that keeps no address tells of no account and no endpoint', async () => {
  const other = 'gchat10-london.contoso.com';
  await done('register-deployment', { deployment: other, generation: 'lync-2010', homedOn: 'lync10.contoso.com' });
  const position = await done('plan-migration', { migration: 'london', source: other, target });
  const { text } = await get(`/api/migrations/london/script?after=${position}`);
  const of = (step: string): string | undefined => text.split(/^# --- /m).find((part) => part.includes(`${step}:`));
  for (const step of ['lookup-account', 'legacy-endpoint'])
    expect(of(step)?.trim()).toMatch(/^\d+\. [a-z-]+: does not apply ---$/);
});

const malformed = [
  '/api/findings?severity=bad', '/api/findings?status=gone', '/api/findings?subject=nothing',
  '/api/findings?subject=user:%00', '/api/findings?limit=0', '/api/findings?cursor=x', '/api/findings?nonsense=1',
  '/api/migrations?state=planned', '/api/migrations?cursor=x', '/api/migrations/Not%20An%20Id',
  '/api/migrations/chat?limit=1', '/api/migrations/chat/script?cursor=x', `/api/migrations/${'x'.repeat(65)}`,
  '/api/migrations/chat/script?asOf=@99999999', '/api/findings?asOf=never',
]; // prettier-ignore

test.each(malformed)('%s is malformed', async (path) => {
  expectProblem(await get(path), 400);
});

test.each(['/api/migrations/nobody', '/api/migrations/nobody/script', '/api/migrations/chat?asOf=@1'])(
  '%s is not there',
  async (path) => {
    expectProblem(await get(path), 404);
  },
);
