import { RunStory } from './testing.js';

let story: RunStory;
beforeEach(async () => {
  story = await RunStory.begin();
});
afterEach(() => story.end());

const header = 'SipAddress,DisplayName,Guid,RegistrarPool,HomeServer,PersistentChatPolicy';
const guid = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
const file = (...rows: string[]): string => [header, ...rows].join('\n');
const homeServer = (pool: string): string =>
  `"CN=Lc Services,CN=Microsoft,CN=${pool},CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com"`;

test('a row enrols its user, homes and grants, with the meta of who sent the file', async () => {
  const { run, events, counts } = await story.import(
    file(`sip:Alice@contoso.com,Alice Ames,${guid},Pool13.contoso.com,,Traders`),
  );
  expect(events.map(({ type, data }) => ({ type, ...data }))).toEqual([
    { type: 'UserEnrolled', user: 'sip:alice@contoso.com', displayName: 'Alice Ames', guid },
    { type: 'UserHomed', user: 'sip:alice@contoso.com', from: null, to: 'pool13.contoso.com' },
    { type: 'PolicyGranted', user: 'sip:alice@contoso.com', policy: 'tag:Traders' },
  ]);
  expect(counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: 0 });
  expect(
    events.map(({ meta }) => [meta.command, meta.commandId, meta.causationId, meta.correlationId, meta.actor.name]),
  ).toEqual([
    ['EnrolUser', `${run}:2:1`, run, 'upload-1', 'Olga'],
    ['HomeUser', `${run}:2:2`, run, 'upload-1', 'Olga'],
    ['GrantPolicy', `${run}:2:3`, run, 'upload-1', 'Olga'],
  ]);
});

test('the same file again changes nothing', async () => {
  const users = file('a@contoso.com,A,,pool13.contoso.com,,Traders', 'b@contoso.com,B,,lync10.contoso.com,,');
  await story.import(users);
  const again = await story.import(users);
  expect(again.events).toEqual([]);
  expect(again.counts).toEqual({ done: 0, unchanged: 2, refused: 0, invalid: 0 });
  expect(again.advanced[0]?.segments).toEqual([['unchanged', 2, 3]]);
});

test('a user that stands twice in a file is seen as the earlier row left it', async () => {
  const { told, counts } = await story.import(
    file('a@contoso.com,A,,pool13.contoso.com,,', 'a@contoso.com,A,,lync10.contoso.com,,'),
  );
  expect(told).toEqual([
    'UserEnrolled sip:a@contoso.com',
    'UserHomed sip:a@contoso.com',
    'UserHomed sip:a@contoso.com',
  ]);
  expect(counts.done).toBe(2);
});

test('a name that an export as ASCII has cost its letters is not taken for one', async () => {
  await story.import(file('anna@contoso.com,Анна Петрова,,pool13.contoso.com,,'));
  const { rows, counts } = await story.import(
    file(
      'anna@contoso.com,???? (???????),,lync10.contoso.com,,',
      'bob@contoso.com,Bob?,,,,',
      'carol@contoso.com,4?,,,,',
    ),
  );
  expect(counts).toEqual({ done: 2, unchanged: 0, refused: 0, invalid: 1 });
  const why = expect.stringContaining('Export-Csv -Encoding UTF8') as string;
  expect(rows).toMatchObject([{ line: 2, column: 'DisplayName', value: '???? (???????)', message: why }]);
});

describe('the home', () => {
  test.each([
    [
      'the literal of an OCS user, by the FQDN in HomeServer',
      '<Office Communications Server>',
      homeServer('OCS01.contoso.com'),
    ],
    [
      'the literal of an OCS user, by a short name in HomeServer',
      '<Office Communications Server>',
      homeServer('ocs01'),
    ],
    ['a number', '487279971', homeServer('ocs01')],
    ['nothing', '', homeServer('ocs01')],
  ])('where RegistrarPool is %s', async (_, registrarPool, server) => {
    const { events } = await story.import(file(`o@contoso.com,,,${registrarPool},${server},`));
    expect(events.at(-1)?.data).toEqual({ user: 'sip:o@contoso.com', from: null, to: 'ocs01.contoso.com' });
  });

  test('a short name that several pools share is refused with their names', async () => {
    await story.registerPool('ocs01.fabrikam.com', 'ocs-2007-r2');
    const { rows } = await story.import(file(`a@contoso.com,A,,,${homeServer('ocs01')},`));
    expect(rows).toMatchObject([{ column: 'HomeServer', refusals: [{ rule: 'homing.unknown-pool' }] }]);
    expect(rows[0]?.message).toContain('ocs01.contoso.com, ocs01.fabrikam.com');
  });

  test('a pool is found by its short name as soon as it is registered', async () => {
    const users = file(`a@contoso.com,A,,,${homeServer('ocs07')},`);
    expect((await story.import(users)).counts.refused).toBe(1);
    await story.registerPool('ocs07.contoso.com', 'ocs-2007-r2');
    expect((await story.import(users)).counts.done).toBe(1);
  });

  test('an empty one leaves the home alone', async () => {
    await story.import(file('a@contoso.com,A,,pool13.contoso.com,,'));
    const { counts, events } = await story.import(file('a@contoso.com,A,,,,'));
    expect([counts.unchanged, events]).toEqual([1, []]);
  });

  test.each([
    ['an FQDN', 'pool99.contoso.com', '', 'RegistrarPool', 'pool99.contoso.com'],
    ['a short name in HomeServer', '<Office Communications Server>', homeServer('ocs99'), 'HomeServer', 'ocs99'],
    ['a short name in RegistrarPool', 'pool13', '', 'RegistrarPool', 'pool13'],
  ])(
    'an unknown pool as %s is refused, and nothing of the row is done',
    async (_, registrarPool, server, column, named) => {
      const { rows, told, counts } = await story.import(file(`a@contoso.com,A,,${registrarPool},${server},Traders`));
      expect(rows).toMatchObject([
        { line: 2, outcome: 'refused', column, refusals: [{ rule: 'homing.unknown-pool' }] },
      ]);
      expect(rows[0]?.message).toContain(named);
      expect(told).toEqual(['CommandRefused HomeUser']);
      expect(counts).toEqual({ done: 0, unchanged: 0, refused: 1, invalid: 0 });
    },
  );
});

describe('the policy', () => {
  test.each(['Traders', 'tag:traders', 'Tag:TRADERS'])('%s is the granted one', async (name) => {
    const { events } = await story.import(file(`a@contoso.com,A,,,,${name}`));
    expect(events.at(-1)?.data).toEqual({ user: 'sip:a@contoso.com', policy: 'tag:Traders' });
  });

  test('an empty cell revokes, a missing column leaves alone', async () => {
    await story.import(file('a@contoso.com,A,,,,Traders'));
    expect((await story.import('SipAddress\r\na@contoso.com\r\n')).counts.unchanged).toBe(1);
    expect((await story.import(file('a@contoso.com,A,,,,'))).told).toEqual(['PolicyRevoked sip:a@contoso.com']);
  });

  test('all rules that say no are told, the pool and the policy', async () => {
    const { rows, told } = await story.import(
      file('a@contoso.com,A,,pool99.contoso.com,,Nobody', 'b@contoso.com,B,,,,Global'),
    );
    expect(rows.map(({ refusals }) => refusals.map(({ rule }) => rule))).toEqual([
      ['homing.unknown-pool', 'policy.unknown'],
      ['policy.not-grantable'],
    ]);
    expect(told).toEqual(['CommandRefused HomeUser', 'CommandRefused GrantPolicy', 'CommandRefused GrantPolicy']);
  });
});

test('a retired user comes back', async () => {
  await story.import(file('a@contoso.com,A,,pool13.contoso.com,,'));
  await story.send('RetireUser', { user: 'sip:a@contoso.com' });
  expect((await story.import(file('a@contoso.com,A,,pool13.contoso.com,,'))).told).toEqual([
    'UserEnrolled sip:a@contoso.com',
    'UserHomed sip:a@contoso.com',
  ]);
});

test('invalid rows are told with line, column, value and what would be right; the others are done', async () => {
  const { rows, counts } = await story.import(
    file(
      'no address,A,,,,',
      'a@contoso.com,A\u0007B,,,,',
      'b@contoso.com,B,not-a-guid,,,',
      'c@contoso.com,C',
      'd@contoso.com,D,,,,',
      ',E,,,,',
    ),
  );
  expect(counts).toEqual({ done: 1, unchanged: 0, refused: 0, invalid: 5 });
  expect(rows.map(({ line, column, value }) => [line, column, value])).toEqual([
    [2, 'SipAddress', 'no address'],
    [3, 'DisplayName', 'A\u0007B'],
    [4, 'Guid', 'not-a-guid'],
    [5, null, null],
    [7, 'SipAddress', ''],
  ]);
  expect(rows[0]?.message).toContain('such as sip:alice@contoso.com');
  expect(rows[3]?.message).toBe(
    'the row has 2 fields where the header has 6; quote values that hold a delimiter or a line break',
  );
});

test('an account that is not enabled keeps its home', async () => {
  const { told } = await story.import('SipAddress,RegistrarPool,Enabled\na@contoso.com,pool13.contoso.com,False\n');
  expect(told).toEqual(['UserEnrolled sip:a@contoso.com', 'UserHomed sip:a@contoso.com']);
});

test('a display name in several lines is taken in one', async () => {
  const { events } = await story.import(file('a@contoso.com,"Anna\r\n  Ames",,,,'));
  expect(events[0]?.data['displayName']).toBe('Anna Ames');
});
