import { RecordedTimeline } from './recorded-timeline.fixture.js';

const alice = 'sip:alice@contoso.com';
const user = { user: alice };
let timeline: RecordedTimeline;
beforeEach(() => void (timeline = new RecordedTimeline()));
afterEach(() => timeline.close());

const summaries = (asked: ReturnType<RecordedTimeline['ask']>): string[] => asked.items.map(({ summary }) => summary);

const enrol = (id: string, displayName: string): object => ({ user: `sip:${id}@contoso.com`, displayName });

describe('one item a command', () => {
  test('given a command with two events, then one item says both, at the position of the last', () => {
    timeline.command(
      'EnrolUser',
      [
        { type: 'UserEnrolled', data: { ...user, displayName: 'Alice' } },
        { type: 'UserHomed', data: { ...user, from: null, to: 'pool01.contoso.com' } },
      ],
      { reason: 'new here', ticket: 'CHG-7', correlationId: 'c-1' },
    );
    const { items, next, total } = timeline.ask();
    const [first, last] = timeline.events.map(({ position }) => `${position}`);
    expect({ next, total }).toEqual({ next: null, total: 1 });
    expect(items).toEqual([
      {
        position: last,
        at: timeline.events[0]?.recordedAt,
        actor: { id: 'token-1', name: 'Ada Ames', via: 'api' },
        command: 'EnrolUser',
        outcome: 'done',
        subjects: ['user:sip:alice@contoso.com', 'pool:pool01.contoso.com'],
        summary:
          'enrolled sip:alice@contoso.com (Alice); homed sip:alice@contoso.com on pool01.contoso.com (was homed nowhere)',
        changes: [
          { subject: 'user:sip:alice@contoso.com', field: 'displayName', before: null, after: 'Alice' },
          { subject: 'user:sip:alice@contoso.com', field: 'retired', before: null, after: false },
          { subject: 'user:sip:alice@contoso.com', field: 'pool', before: null, after: 'pool01.contoso.com' },
        ],
        more: null,
        reason: 'new here',
        ticket: 'CHG-7',
        refusals: [],
        correlationId: 'c-1',
        causationId: 'command-1',
        run: null,
        events: [first, last],
      },
    ]);
  });

  test('given only bookkeeping (the key of an unchanged answer), then there is no item; beside facts it is left out', () => {
    timeline.command('SealPool', [{ type: 'KeyAnswered' }]);
    timeline.command('SealPool', [
      { type: 'PoolSealed', data: { pool: 'ocs01.contoso.com' } },
      { type: 'KeyAnswered' },
    ]);
    const { items, total } = timeline.ask();
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      summary: 'sealed the pool ocs01.contoso.com',
      events: [`${timeline.events[1]?.position}`],
    });
  });

  test('given a refusal, then its rules are told and who asked for what', () => {
    const refusals = [{ rule: 'homing.unknown-user', detail: 'there is no such user', count: 0 }];
    timeline.command('HomeUser', [
      { type: 'CommandRefused', data: { command: 'HomeUser', fields: {}, subjects: [`user:${alice}`], refusals } },
    ]);
    expect(timeline.ask().items[0]).toMatchObject({
      command: 'HomeUser',
      outcome: 'refused',
      subjects: [`user:${alice}`],
      refusals,
      changes: [],
    });
  });

  test('given denied attempts, then only an auditor sees and counts them', () => {
    timeline.command('IssueToken', [
      {
        type: 'CommandDenied',
        data: { command: 'IssueToken', fields: null, subjects: ['token:t9'], needed: ['admin'] },
      },
    ]);
    timeline.command(null, [{ type: 'SignInRefused', data: { why: 'expired', token: 't1' } }], {
      actor: { name: 'nobody' },
    });
    timeline.command('SealPool', [{ type: 'PoolSealed', data: { pool: 'ocs01.contoso.com' } }]);
    const forAuditor = timeline.ask();
    expect(forAuditor.items.map(({ outcome, command }) => [outcome, command])).toEqual([
      ['done', 'SealPool'],
      ['denied', 'SignIn'],
      ['denied', 'IssueToken'],
    ]);
    expect(forAuditor.total).toBe(3);
    for (const parameters of [
      {},
      { q: 'token' },
      { outcome: 'denied' },
      { outcome: '-done' },
      { rows: 'true' },
    ] as Record<string, string>[]) {
      const forOperator = timeline.ask(parameters, { roles: ['operator'] });
      expect(forOperator.items.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
      expect(forOperator.total).toBe(forOperator.items.length);
    }
  });

  test('given the token of the first start, then the system issued it', () => {
    const data = { token: 't1', name: 'first token', roles: ['admin'], expiresAt: null, secretHash: 'x' };
    timeline.command(null, [{ type: 'TokenIssued', data }], { actor: { id: 'system', name: 'system', via: 'system' } });
    expect(timeline.ask({ command: 'issue-token' }).items[0]).toMatchObject({
      command: 'IssueToken',
      actor: { via: 'system' },
    });
    expect(JSON.stringify(timeline.ask())).not.toContain('secretHash');
  });

  test('given batches that end inside of commands, and a restart there, then the timeline is the same', () => {
    const twoEvents = (to: string): { type: string; data: object }[] => [
      { type: 'UserHomed', data: { ...user, from: null, to } },
      { type: 'PolicyGranted', data: { ...user, policy: 'tag:x' } },
      { type: 'PolicyRevoked', data: { ...user, policy: 'tag:x', because: 'asked' } },
    ];
    const other = new RecordedTimeline();
    for (const each of [timeline, other])
      for (const to of ['a.contoso.com', 'b.contoso.com', 'c.contoso.com']) each.command('HomeUser', twoEvents(to));
    timeline.project(2).restart();
    for (const each of [timeline, other]) each.command('HomeUser', twoEvents('d.contoso.com'));
    timeline.project(1);
    expect(timeline.ask()).toEqual(other.ask());
    for (const q of ['homed', 'd.contoso', 'revoked']) expect(timeline.ask({ q })).toEqual(other.ask({ q }));
    expect(timeline.ask({ q: 'revoked' }).total).toBe(4);
    other.close();
  });
});

describe('before and after', () => {
  const changesOfLast = (): readonly object[] => timeline.ask().items[0]?.changes ?? [];

  test('given a grant that replaces another, then before is the one that was granted last', () => {
    for (const policy of ['tag:old', 'tag:older', 'tag:new'])
      timeline.command('GrantPolicy', [{ type: 'PolicyGranted', data: { ...user, policy } }]);
    timeline.command('GrantPolicy', [
      { type: 'PolicyGranted', data: { user: 'sip:bob@contoso.com', policy: 'tag:x' } },
    ]);
    expect(timeline.ask().items.map(({ changes }) => changes)).toEqual([
      [{ subject: 'user:sip:bob@contoso.com', field: 'granted', before: null, after: 'tag:x' }],
      [{ subject: `user:${alice}`, field: 'granted', before: 'tag:older', after: 'tag:new' }],
      [{ subject: `user:${alice}`, field: 'granted', before: 'tag:old', after: 'tag:older' }],
      [{ subject: `user:${alice}`, field: 'granted', before: null, after: 'tag:old' }],
    ]);
  });

  test('given a user who retires, then home and client go from what they were', () => {
    timeline.command('EnrolUser', [
      { type: 'UserEnrolled', data: user },
      { type: 'UserHomed', data: { ...user, from: null, to: 'p.contoso.com' } },
    ]);
    timeline.command('ConnectClient', [
      { type: 'ClientConnected', data: { ...user, client: 'lync-2013', deployment: 'chat.contoso.com' } },
    ]);
    timeline.command('RetireUser', [
      {
        type: 'ClientDisconnected',
        data: { ...user, client: 'lync-2013', deployment: 'chat.contoso.com', because: 'user-retired' },
      },
      { type: 'UserRetired', data: user },
    ]);
    expect(changesOfLast()).toEqual([
      { subject: `user:${alice}`, field: 'client lync-2013', before: 'chat.contoso.com', after: null },
      { subject: `user:${alice}`, field: 'retired', before: false, after: true },
      { subject: `user:${alice}`, field: 'pool', before: 'p.contoso.com', after: null },
    ]);
    timeline.command('EnrolUser', [{ type: 'UserEnrolled', data: user }]);
    expect(changesOfLast()).toEqual([{ subject: `user:${alice}`, field: 'retired', before: true, after: false }]);
  });

  test('given a client that goes elsewhere, then it is one change', () => {
    timeline.command('ConnectClient', [
      {
        type: 'ClientDisconnected',
        data: { ...user, client: 'lync-2013', deployment: 'a.x', because: 'connected-elsewhere' },
      },
      { type: 'ClientConnected', data: { ...user, client: 'lync-2013', deployment: 'b.x' } },
    ]);
    expect(changesOfLast()).toEqual([
      { subject: `user:${alice}`, field: 'client lync-2013', before: 'a.x', after: 'b.x' },
    ]);
  });

  test('given a room that is removed, then each of its fields goes from what it was last', () => {
    const room = { deployment: 'chat.contoso.com', room: 'Söder' };
    timeline.command('AddRoom', [
      { type: 'RoomAdded', data: { ...room, category: 'Trade', type: 'normal', privacy: 'open', addIn: null } },
    ]);
    timeline.command('AttachAddIn', [{ type: 'AddInAttached', data: { ...room, addIn: 'Ticker' } }]);
    timeline.command('RemoveRoom', [{ type: 'RoomRemoved', data: room }]);
    expect(changesOfLast()).toEqual(
      [
        ['category', 'Trade'],
        ['type', 'normal'],
        ['privacy', 'open'],
        ['addIn', 'Ticker'],
        ['excluded', false],
      ].map(([field, before]) => ({ subject: 'room:chat.contoso.com/Söder', field, before, after: null })),
    );
  });

  test('given a gate that is attested and waived anew, then what was said before is told', () => {
    const gate = { subject: 'pool:ocs01.contoso.com', gate: 'dns-records-updated' };
    const attest = (evidence: string): void =>
      void timeline.command('AttestGate', [{ type: 'GateAttested', data: { ...gate, evidence } }]);
    const waive = (reason: string, expiresAt: string | null): void =>
      void timeline.command('WaiveGate', [{ type: 'GateWaived', data: { ...gate, reason, expiresAt } }]);
    const told = (field: string, before: unknown, after: unknown): object => ({
      subject: gate.subject,
      field: `gate dns-records-updated${field}`,
      before,
      after,
    });
    attest('CHG-1');
    expect(changesOfLast()).toEqual([told('', null, 'met'), told(' evidence', null, 'CHG-1')]);
    attest('CHG-2');
    expect(changesOfLast()).toEqual([told(' evidence', 'CHG-1', 'CHG-2')]);
    waive('no time', '2013-06-01T00:00:00.000Z');
    expect(changesOfLast()).toEqual([
      told('', 'met', 'waived'),
      told(' reason', null, 'no time'),
      told(' expiresAt', null, '2013-06-01T00:00:00.000Z'),
    ]);
    waive('still none', null);
    expect(changesOfLast()).toEqual([
      told(' reason', 'no time', 'still none'),
      told(' expiresAt', '2013-06-01T00:00:00.000Z', null),
    ]);
    attest('CHG-3');
    expect(changesOfLast()).toEqual([told('', 'waived', 'met'), told(' evidence', 'CHG-2', 'CHG-3')]);
  });

  test('given a policy that was switched, when it is removed, then its last value is told', () => {
    const data = { policy: 'tag:traders' };
    timeline.command('CreatePolicy', [{ type: 'PolicyCreated', data: { ...data, enabled: false } }]);
    timeline.command('EnablePolicy', [{ type: 'PolicyEnabled', data }]);
    timeline.command('RemovePolicy', [{ type: 'PolicyRemoved', data }]);
    expect(changesOfLast()).toEqual([{ subject: 'policy:tag:traders', field: 'enabled', before: true, after: null }]);
  });
});

describe('runs', () => {
  const run = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
  const about = { run, kind: 'users', total: 4 };
  const stream = `run-${run}`;
  const ofRun = { commandId: run, causationId: run };
  const counts = (done: number): object => ({ done, unchanged: 0, refused: 0, invalid: 0 });
  const row = (id: string): void => {
    timeline.command('EnrolUser', [{ type: 'UserEnrolled', data: enrol(id, id) }], {
      commandId: `${run}:${id}:1`,
      causationId: run,
    });
  };
  const advance = (through: number): void => {
    timeline.command(
      null,
      [{ type: 'RunAdvanced', data: { ...about, through, counts: counts(through) }, stream }],
      ofRun,
    );
  };
  beforeEach(() => {
    const file = { name: 'users.csv', size: 1, sha256: '' };
    timeline.command(null, [{ type: 'RunStarted', data: { ...about, file }, stream }], ofRun);
    row('anna');
    row('bert');
    advance(2);
    timeline.command('SealPool', [{ type: 'PoolSealed', data: { pool: 'ocs01.contoso.com' } }]);
    row('cora');
    row('dora');
    advance(4);
    timeline.command(null, [{ type: 'RunFinished', data: { ...about, counts: counts(4) }, stream }], ofRun);
  });
  const done = 'imported 4 rows of users: 4 done, 0 unchanged, 0 refused, 0 invalid';
  const half = 'imported 2 of 4 rows of users: 2 done, 0 unchanged, 0 refused, 0 invalid';

  test('given a run, then it is one item that says what it did, where its last event stands', () => {
    const { items, total } = timeline.ask();
    expect(summaries({ items, total, next: null })).toEqual([done, 'sealed the pool ocs01.contoso.com']);
    expect(total).toBe(2);
    const own = timeline.events.filter((event) => event.stream === stream).map(({ position }) => `${position}`);
    expect(items[0]).toMatchObject({
      run,
      subjects: [`run:${run}`],
      events: own,
      position: own.at(-1),
      outcome: 'done',
    });
    expect(items[1]).toMatchObject({ run: null });
  });

  test('when asked as of its middle, then it is what it had done by then', () => {
    const at = Number(timeline.events[4]?.position);
    const { items, total } = timeline.ask({}, { at });
    expect(summaries({ items, total, next: null })).toEqual(['sealed the pool ocs01.contoso.com', half]);
    expect(total).toBe(2);
    expect(items[1]?.events).toHaveLength(2);
  });

  test('when a filter or rows=true is given, then its rows are items too, and name their run', () => {
    expect(timeline.ask({ rows: 'true' }).total).toBe(6);
    const cora = timeline.ask({ q: 'cora' });
    expect(cora.items).toMatchObject([{ run, command: 'EnrolUser', causationId: run }]);
    expect(timeline.ask({ from: '2013-05-01T00:00:00Z', to: '2013-06-01T00:00:00Z' }).total).toBe(2);
    expect(timeline.ask({ type: 'RunStarted' }).items).toMatchObject([{ summary: done }]);
    expect(timeline.ask({ subject: `run:${run}` }).total).toBe(1);
  });

  test('when it advances between two pages, then the walk shows it once', () => {
    const first = timeline.ask({}, { limit: 1, at: Number(timeline.events[4]?.position) });
    const second = timeline.ask({}, { limit: 1, cursor: first.next ?? undefined });
    expect([...summaries(first), ...summaries(second)]).toEqual(['sealed the pool ocs01.contoso.com', half]);
    expect(second).toMatchObject({ next: null, total: 2 });
  });
});

describe('filters', () => {
  beforeEach(() => {
    timeline
      .command('EnrolUser', [{ type: 'UserEnrolled', data: enrol('anna', 'Анна Семёнова-Йорк') }], { ticket: 'CHG-1' })
      .command('EnrolUser', [{ type: 'UserEnrolled', data: enrol('jose', 'José Müller') }], {
        actor: { id: 't2', name: 'Зоя' },
      })
      .command(
        'HomeUser',
        [{ type: 'UserHomed', data: { user: 'sip:anna@contoso.com', from: null, to: 'p1.contoso.com' } }],
        {
          reason: 'she said "now" — it\'s 100% fine 🎉',
          ticket: 'chg-1',
        },
      )
      .command('RegisterSite', [{ type: 'SiteRegistered', data: { site: 'Zürich Büro' } }], {
        correlationId: 'Corr-1',
      });
  });
  const found = (parameters: Parameters<RecordedTimeline['ask']>[0]): number[] =>
    timeline
      .ask(parameters)
      .items.map(({ position }) => timeline.events.findIndex((event) => `${event.position}` === position));

  test.each([
    [{ command: 'HomeUser' }, [2]],
    [{ command: 'home-user' }, [2]],
    [{ command: '-EnrolUser' }, [3, 2]],
    [{ command: ['HomeUser', 'RegisterSite'] }, [3, 2]],
    [{ command: ['-HomeUser', '-register-site'] }, [1, 0]],
    [{ actor: 't2' }, [1]],
    [{ actor: 'зоя' }, [1]],
    [{ actor: 'зо' }, []],
    [{ actor: '-Ada ames' }, [1]],
    [{ type: 'UserHomed' }, [2]],
    [{ type: '-UserEnrolled' }, [3, 2]],
    [{ subject: 'user:ANNA@contoso.com' }, [2, 0]],
    [{ subject: 'user:sip:anna@contoso.com', command: '-HomeUser' }, [0]],
    [{ subject: 'pool:P1.contoso.com' }, [2]],
    [{ subject: 'site:zürich BÜRO' }, [3]],
    [{ subject: 'site:zurich buro' }, []],
    [{ subject: 'estate' }, []],
    [{ outcome: 'done' }, [3, 2, 1, 0]],
    [{ outcome: '-done' }, []],
    [{ ticket: 'CHG-1' }, [2, 0]],
    [{ ticket: '-chg-1' }, [3, 1]],
    [{ correlation: 'Corr-1' }, [3]],
    [{ correlation: 'corr-1' }, []],
    [{ correlation: '-Corr-1' }, [2, 1, 0]],
    [{ from: '2013-05-01T00:02:00Z', to: '2013-05-01T00:03:00.000Z' }, [2, 1]],
    [{ from: '2013-05-01T00:02:00.001Z' }, [3, 2]],
    [{ to: '2013-05-01T02:01:59+02:00' }, [0]],
    [{ from: '2014-05-01T00:00:00Z' }, []],
    [{ from: '2013-05-01T00:03:00Z', to: '2013-05-01T00:02:00Z' }, []],
  ])('%j finds %j', (parameters, expected) => {
    expect(found(parameters as Record<string, string | string[]>)).toEqual(expected);
    expect(timeline.ask(parameters as Record<string, string | string[]>).total).toBe(expected.length);
  });

  test.each([
    ['анна', [0]],
    ['АННА СЕМЁНОВА', [0]],
    ['семенова', [0]],
    ['семёнов', [0]],
    ['йорк', [0]],
    ['иорк', []],
    ['йо', [0]],
    ['й', []],
    ['и\u0306орк', [0]],
    ['jose muller', [1]],
    ['JOSÉ', [1]],
    ['josé enr', [1]],
    ['enr josé', [1]],
    ['enr jo', [1]],
    ['contoso.co ann', [2, 0]],
    ['ontoso', []],
    ['c', []],
    ['zoya', []],
    ['зоя', [1]],
    ['anna contoso', [2, 0]],
    ['sip:anna@contoso.com', [2, 0]],
    ['anna -homed', [0]],
    ['-anna -jose', [3]],
    ['-"anna"', [3, 1]],
    ['-ann', [3, 1]],
    ['-hom -enr', [3]],
    ['anna *', [2, 0]],
    ['"now', [2]],
    ['100%', [2]],
    ['🎉', [2]],
    ['chg-1', [2, 0]],
    ['büro', [3]],
    ['buro', [3]],
  ])('q=%s finds %j', (q, expected) => {
    expect(found({ q })).toEqual(expected);
  });

  test.each([
    '"',
    '""',
    "'",
    '*',
    '^',
    '(',
    ')',
    '((',
    'a"b',
    'NEAR',
    'NEAR(a b)',
    'AND',
    'OR',
    'NOT',
    'a AND',
    'NOT a',
    'a*b*',
    '-',
    '--',
    '-*',
    'text:',
    'text:a',
    '{a b}:c',
    '+',
    'a + b',
    ':',
    '%',
    '\\',
    '\u0000',
    'a\u0000b',
    '\ue000',
    '\ue0001',
    '🎉🎉',
    '\u200d',
    '\ufeff',
    'ß',
    'İ',
    '\u0345',
    '\u{10ffff}',
    'x'.repeat(1000),
    '" OR "x',
    '-- drop table items',
    '__proto__',
    '\uffff',
    '\u{1d7d8}',
  ])('q=%j is only text', (q) => {
    expect(timeline.ask({ q }).items.length).toBeLessThanOrEqual(4);
  });

  test.each([' ', '*', "'", '…', '-', '-*', '" "', '---  …'])('q=%j holds no word, so nothing is found', (q) => {
    expect(timeline.ask({ q })).toEqual({ items: [], next: null, total: 0 });
    expect(timeline.ask({ q, outcome: 'done' }).total).toBe(0);
  });

  test('a question of more words than any text has, or of many values, is answered', () => {
    expect(() => timeline.ask({ q: '' })).toThrow('must have 1 to 1000 characters');
    expect(() => timeline.ask({ q: 'a '.repeat(33) })).toThrow('at most 32 words');
    expect(timeline.ask({ q: 'a b c d '.repeat(8).trim() }).total).toBe(0);
    const types = Array.from({ length: 200 }, (_, n) => `Type${n}`);
    expect(timeline.ask({ type: [...types, 'UserHomed'] }).total).toBe(1);
    expect(timeline.ask({ type: types.map((type) => `-${type}`) }).total).toBe(4);
  });

  test.each([
    ['subject', 'pool:'],
    ['subject', 'pool:not a name'],
    ['subject', 'nonsense'],
    ['outcome', 'unchanged'],
    ['from', 'yesterday'],
    ['rows', '1'],
    ['ticket', ''],
    ['ticket', 'x'.repeat(101)],
    ['actor', '\ud800'],
  ])('%s=%s is malformed', (name, value) => {
    expect(() => timeline.ask({ [name]: value })).toThrow(/must be/);
  });

  test.each(['', 'x', 'dGltZWxpbmU', Buffer.from('timeline 1 99999999999999999').toString('base64url')])(
    'the cursor %j is none',
    (cursor) => {
      expect(() => timeline.ask({}, { cursor })).toThrow('cursor must be');
    },
  );
});

test('given a command about more than a hundred subjects, then the first hundred are shown, the rest is counted, and each finds it', () => {
  const rooms = Array.from({ length: 130 }, (_, n) => `Room ${n}`);
  timeline.command(
    'RemoveRoom',
    rooms.map((room) => ({ type: 'RoomRemoved', data: { deployment: 'chat10.contoso.com', room } })),
  );
  const { items } = timeline.ask({ subject: 'room:chat10.contoso.com/Room 129' });
  expect(items).toHaveLength(1);
  const [item] = items as unknown as readonly { subjects: unknown[]; changes: unknown[]; more: unknown }[];
  const told = new Set(rooms.map((room) => `room:chat10.contoso.com/${room}`));
  expect(item?.subjects).toHaveLength(100);
  expect(item?.more).toMatchObject({ subjects: expect.any(Number), changes: expect.any(Number) });
  const more = item?.more as { subjects: number };
  expect(more.subjects).toBeGreaterThanOrEqual(told.size - 100);
});

test('an empty world has an empty timeline', () => {
  timeline.command('RegisterSite', [{ type: 'SiteRegistered', data: { site: 'Redmond' } }]);
  for (const parameters of [{}, { q: 'redmond' }, { rows: 'true' }] as Record<string, string>[])
    expect(timeline.ask(parameters, { at: -1 })).toEqual({ items: [], next: null, total: 0 });
});
